import { parseUsd, USAGE_BUCKETS, type PicoDollars, type UsageBucket } from '@parsimony/contract';
import type { ModelPrice } from './model-price.js';
import { rateTable, type StatedRates } from './rate-table.js';
import { parseTokenRate } from './token-rate.js';

/** What an unknown model costs, where a deployment sets it. Pico-dollars a token, character, second or search. */
export interface CeilingRates {
  readonly input: PicoDollars;
  readonly output: PicoDollars;
  readonly characters?: PicoDollars;
  readonly seconds?: PicoDollars;
  readonly searches?: PicoDollars;
}

/** The part of a ceiling that does not name a model. */
export type Ceiling = Omit<ModelPrice, 'provider' | 'model'>;

/** A ceiling as a deployment writes it: decimal text. */
export interface StatedCeiling {
  /** USD per million. */
  readonly input: string;
  readonly output: string;
  readonly characters?: string | undefined;
  /** USD each. */
  readonly seconds?: string | undefined;
  readonly searches?: string | undefined;
}

/**
 * Reads a configured ceiling, such as `{ input: '15', output: '75' }`.
 *
 * @throws RangeError where a price is no decimal.
 */
export function parseCeilingRates({ input, output, characters, seconds, searches }: StatedCeiling): CeilingRates {
  return {
    input: parseTokenRate(input).rate,
    output: parseTokenRate(output).rate,
    ...(characters !== undefined && { characters: parseTokenRate(characters).rate }),
    ...(seconds !== undefined && { seconds: parseUsd(seconds) }),
    ...(searches !== undefined && { searches: parseUsd(searches) }),
  };
}

/** A ceiling with the configured price for every input token and every output token; other units as `dearest` if not set. */
export function configuredCeiling({ input, output, ...units }: CeilingRates, dearest: Ceiling): Ceiling {
  const [first] = dearest.standard;
  const { dearestCharacter: characters, dearestSecond: seconds, dearestSearch: searches } = first;
  // A cache that is written for long is input here, as dear as any other.
  return ceiling({ rates: { characters, seconds, searches, ...units, input, cacheWriteLong: input, output } }, 0n);
}

/**
 * A ceiling that is as dear in every bucket as the dearest of some prices, whichever tier or date makes it so.
 *
 * @returns undefined where there is no price at all.
 */
export function dearestCeiling(prices: readonly ModelPrice[]): Ceiling | undefined {
  if (prices.length === 0) return undefined;
  const rates: Partial<Record<UsageBucket, PicoDollars>> = {};
  let perCall = 0n;
  let otherInput = 0n;
  let otherOutput = 0n;
  for (const price of prices) {
    if (price.perCall > perCall) perCall = price.perCall;
    for (const tier of price.standard) {
      for (const bucket of USAGE_BUCKETS) {
        if (tier.rates[bucket] > (rates[bucket] ?? -1n)) rates[bucket] = tier.rates[bucket];
      }
      if (tier.dearestInput > otherInput) otherInput = tier.dearestInput;
      if (tier.dearestOutput > otherOutput) otherOutput = tier.dearestOutput;
    }
  }
  return ceiling({ rates, otherInput: [otherInput], otherOutput: [otherOutput] }, perCall);
}

function ceiling(stated: StatedRates, perCall: PicoDollars): Ceiling {
  const table = rateTable([{ above: 0, ...stated }]);
  return { source: 'ceiling', effectiveFrom: null, perCall, standard: table, batch: table };
}

import { USAGE_BUCKETS, type PicoDollars, type UsageBucket } from '@parsimony/contract';
import type { ModelPrice } from './model-price.js';
import { rateTable, type StatedRates } from './rate-table.js';
import { parseTokenRate } from './token-rate.js';

/** What an unknown model's tokens cost, where a deployment sets it. Pico-dollars a token. */
export interface CeilingRates {
  readonly input: PicoDollars;
  readonly output: PicoDollars;
}

/** The part of a ceiling that does not name a model. */
export type Ceiling = Omit<ModelPrice, 'provider' | 'model'>;

/**
 * Reads a configured ceiling.
 *
 * @param usdPerMillion decimal text, such as `{ input: '15', output: '75' }`.
 * @throws RangeError where a price is no decimal.
 */
export function parseCeilingRates(usdPerMillion: { readonly input: string; readonly output: string }): CeilingRates {
  return { input: parseTokenRate(usdPerMillion.input).rate, output: parseTokenRate(usdPerMillion.output).rate };
}

/** A ceiling with the configured price for every input token and every output token. */
export function configuredCeiling({ input, output }: CeilingRates): Ceiling {
  return ceiling({ rates: { input, output } }, 0n);
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

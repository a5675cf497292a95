import type { PicoDollars, UsageBucket } from '@parsimony/contract';
import type { PriceTier, RateTable, TokenRates } from './model-price.js';

/** What a price list says of one tier; a bucket it does not name is billed as another one. */
export interface StatedRates {
  readonly rates: Readonly<Partial<Record<UsageBucket, PicoDollars>>>;
  /** Prices of tokens that no bucket tells apart, such as images or a longer-lived cache: they only raise the ceiling. */
  readonly otherInput?: readonly PicoDollars[];
  readonly otherOutput?: readonly PicoDollars[];
}

export interface StatedTier extends StatedRates {
  readonly above: number;
}

const INPUT_BUCKETS = ['input', 'cachedInput', 'cacheWrite', 'inputAudio'] as const;
const OUTPUT_BUCKETS = ['output', 'reasoning', 'outputAudio'] as const;

/**
 * Fills every bucket: cached, written and audio input are billed as input, reasoning and audio output as output. A
 * model that is priced on one side only (embeddings) has that price on both, so that no token is free by omission.
 *
 * @throws RangeError where neither input nor output has a price.
 */
function completeRates(stated: StatedRates['rates']): TokenRates {
  const input = stated.input ?? stated.output;
  const output = stated.output ?? stated.input;
  if (input === undefined || output === undefined) throw new RangeError('neither input nor output has a price');
  return {
    input,
    cachedInput: stated.cachedInput ?? input,
    cacheWrite: stated.cacheWrite ?? input,
    inputAudio: stated.inputAudio ?? input,
    output,
    reasoning: stated.reasoning ?? output,
    outputAudio: stated.outputAudio ?? output,
  };
}

/** Builds the table that costs are read from. `tiers` ascend by `above`, the first one stands at 0. */
export function rateTable(tiers: readonly [StatedTier, ...StatedTier[]]): RateTable {
  const [first, ...rest] = tiers;
  let last = tierOf(first, undefined);
  const table: [PriceTier, ...PriceTier[]] = [last];
  for (const tier of rest) table.push((last = tierOf(tier, last)));
  return table;
}

function tierOf(stated: StatedTier, before: PriceTier | undefined): PriceTier {
  const rates = completeRates(stated.rates);
  return {
    above: stated.above,
    rates,
    dearestInput: dearest(before?.dearestInput, rates, INPUT_BUCKETS, stated.otherInput),
    dearestOutput: dearest(before?.dearestOutput, rates, OUTPUT_BUCKETS, stated.otherOutput),
  };
}

function dearest(
  before: PicoDollars = 0n,
  rates: TokenRates,
  buckets: readonly UsageBucket[],
  others: readonly PicoDollars[] = [],
): PicoDollars {
  let top = before;
  for (const bucket of buckets) if (rates[bucket] > top) top = rates[bucket];
  for (const other of others) if (other > top) top = other;
  return top;
}

import type { PicoDollars, Usage } from '@parsimony/contract';
import type { ModelPrice, PriceTier, RateTable } from './model-price.js';

export interface CostOptions {
  /** Whether the call went through the provider's batch interface. */
  readonly batch?: boolean;
}

/** Upper bounds on the tokens of a call that has not been made yet. */
export interface TokenBounds {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What a call costs, exactly. The tier is chosen by all input tokens together and holds for the whole call.
 *
 * @param usage whole tokens, disjoint buckets.
 * @throws RangeError where a bucket is no integer.
 */
export function costOf(price: ModelPrice, usage: Usage, options?: CostOptions): PicoDollars {
  const input = usage.input + usage.cachedInput + usage.cacheWrite + usage.inputAudio;
  const { rates } = tierFor(options?.batch ? price.batch : price.standard, input);
  let cost = price.perCall;
  // Most buckets of most calls are empty, and arithmetic on bigint is what takes the time here.
  if (usage.input !== 0) cost += rates.input * BigInt(usage.input);
  if (usage.cachedInput !== 0) cost += rates.cachedInput * BigInt(usage.cachedInput);
  if (usage.cacheWrite !== 0) cost += rates.cacheWrite * BigInt(usage.cacheWrite);
  if (usage.inputAudio !== 0) cost += rates.inputAudio * BigInt(usage.inputAudio);
  if (usage.output !== 0) cost += rates.output * BigInt(usage.output);
  if (usage.reasoning !== 0) cost += rates.reasoning * BigInt(usage.reasoning);
  if (usage.outputAudio !== 0) cost += rates.outputAudio * BigInt(usage.outputAudio);
  return cost;
}

/**
 * What a call costs at most: no split of at most so many tokens among the buckets, nor any tier that they can reach,
 * costs more.
 *
 * @throws RangeError where a bound is no integer.
 */
export function worstCase(price: ModelPrice, tokens: TokenBounds, options?: CostOptions): PicoDollars {
  const tier = tierFor(options?.batch ? price.batch : price.standard, tokens.inputTokens);
  return (
    price.perCall + tier.dearestInput * BigInt(tokens.inputTokens) + tier.dearestOutput * BigInt(tokens.outputTokens)
  );
}

function tierFor(table: RateTable, inputTokens: number): PriceTier {
  for (let index = table.length - 1; index > 0; index--) {
    const tier = table[index];
    if (tier && inputTokens > tier.above) return tier;
  }
  return table[0];
}

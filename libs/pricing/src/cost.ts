import type { PicoDollars, Usage, UsageBucket } from '@parsimony/contract';
import type { ModelPrice, PriceTier, RateTable } from './model-price.js';
import { INPUT_BUCKETS, OUTPUT_BUCKETS } from './rate-table.js';

export interface CostOptions {
  /** Whether the call went through the provider's batch interface. */
  readonly batch?: boolean;
}

/** Upper bounds on what a call can use that has not been made yet; what is left out is 0. */
export interface UsageBounds {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of a text that is to be spoken. */
  readonly characters?: number;
  /** Of sound. */
  readonly seconds?: number;
  /** That the provider may make on the model's behalf. */
  readonly searches?: number;
}

/**
 * What a call costs, exactly. The tier is chosen by all input tokens together and holds for the whole call.
 *
 * @param usage whole numbers, disjoint buckets.
 * @throws RangeError where a bucket is no integer.
 */
export function costOf(price: ModelPrice, usage: Usage, options?: CostOptions): PicoDollars {
  const input = usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio;
  const { rates } = tierFor(options?.batch ? price.batch : price.standard, input);
  let cost = price.perCall;
  // Most buckets of most calls are empty, and arithmetic on bigint is what takes the time here.
  if (usage.input !== 0) cost += rates.input * BigInt(usage.input);
  if (usage.cachedInput !== 0) cost += rates.cachedInput * BigInt(usage.cachedInput);
  if (usage.cacheWrite !== 0) cost += rates.cacheWrite * BigInt(usage.cacheWrite);
  if (usage.cacheWriteLong !== 0) cost += rates.cacheWriteLong * BigInt(usage.cacheWriteLong);
  if (usage.inputAudio !== 0) cost += rates.inputAudio * BigInt(usage.inputAudio);
  if (usage.output !== 0) cost += rates.output * BigInt(usage.output);
  if (usage.reasoning !== 0) cost += rates.reasoning * BigInt(usage.reasoning);
  if (usage.outputAudio !== 0) cost += rates.outputAudio * BigInt(usage.outputAudio);
  if (usage.characters !== 0) cost += rates.characters * BigInt(usage.characters);
  if (usage.seconds !== 0) cost += rates.seconds * BigInt(usage.seconds);
  if (usage.searches !== 0) cost += rates.searches * BigInt(usage.searches);
  return cost;
}

/**
 * What a call costs at most: no usage within the bounds, however its tokens are split among the buckets and whichever
 * tier they reach, costs more.
 *
 * @throws RangeError where a bound is no integer.
 */
export function worstCase(price: ModelPrice, bounds: UsageBounds, options?: CostOptions): PicoDollars {
  const tier = tierFor(options?.batch ? price.batch : price.standard, bounds.inputTokens);
  const { inputTokens, outputTokens, characters, seconds, searches } = bounds;
  let worst = price.perCall + tier.dearestInput * BigInt(inputTokens) + tier.dearestOutput * BigInt(outputTokens);
  if (characters) worst += tier.dearestCharacter * BigInt(characters);
  if (seconds) worst += tier.dearestSecond * BigInt(seconds);
  if (searches) worst += tier.dearestSearch * BigInt(searches);
  return worst;
}

/**
 * What a call of which only so much is known costs at least, whatever else it used, however its tokens are split among
 * the buckets and whichever tier they reach.
 *
 * @throws RangeError where a figure is no integer.
 */
export function leastCase(price: ModelPrice, known: UsageBounds): PicoDollars {
  const { inputTokens, outputTokens, characters = 0, seconds = 0, searches = 0 } = known;
  const reachable = tiersFrom(price.standard, inputTokens);
  const count = (amount: number, buckets: readonly UsageBucket[]): PicoDollars =>
    amount === 0 ? 0n : cheapest(reachable, buckets) * BigInt(amount);
  return (
    price.perCall +
    count(inputTokens, INPUT_BUCKETS) +
    count(outputTokens, OUTPUT_BUCKETS) +
    count(characters, ['characters']) +
    count(seconds, ['seconds']) +
    count(searches, ['searches'])
  );
}

function tiersFrom(table: RateTable, inputTokens: number): readonly PriceTier[] {
  return table.slice(table.indexOf(tierFor(table, inputTokens)));
}

function cheapest(tiers: readonly PriceTier[], buckets: readonly UsageBucket[]): PicoDollars {
  let least: PicoDollars | undefined;
  for (const { rates } of tiers) {
    for (const bucket of buckets) if (least === undefined || rates[bucket] < least) least = rates[bucket];
  }
  return least ?? 0n;
}

function tierFor(table: RateTable, inputTokens: number): PriceTier {
  for (let index = table.length - 1; index > 0; index--) {
    const tier = table[index];
    if (tier && inputTokens > tier.above) return tier;
  }
  return table[0];
}

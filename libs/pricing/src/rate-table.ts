import type { PicoDollars, UsageBucket } from '@parsimony/contract';
import type { PriceTier, RateTable, TokenRates } from './model-price.js';

/** What a price list says of one tier; a bucket it does not name is billed as another one. */
export interface StatedRates {
  readonly rates: Readonly<Partial<Record<UsageBucket, PicoDollars>>>;
  /** Prices of tokens that no bucket tells apart, such as images: they only raise the ceiling. */
  readonly otherInput?: readonly PicoDollars[];
  readonly otherOutput?: readonly PicoDollars[];
}

export interface StatedTier extends StatedRates {
  readonly above: number;
}

export const INPUT_BUCKETS = ['input', 'cachedInput', 'cacheWrite', 'cacheWriteLong', 'inputAudio'] as const;
export const OUTPUT_BUCKETS = ['output', 'reasoning', 'outputAudio'] as const;

/** What is not counted in tokens. */
export const UNIT_BUCKETS = ['characters', 'seconds', 'searches'] as const satisfies readonly UsageBucket[];

/**
 * Fills every bucket: cached, written and audio input are billed as input, reasoning and audio output as output. A
 * model that is priced on one side only (embeddings) has that price on both, so that no token is free by omission; one
 * that is priced by characters or seconds alone (speech) has no price of tokens.
 *
 * @throws RangeError where nothing has a price.
 */
function completeRates(stated: StatedRates['rates']): TokenRates {
  const input = stated.input ?? stated.output;
  const output = stated.output ?? stated.input;
  if (input === undefined || output === undefined) return unitRates(stated);
  const cacheWrite = stated.cacheWrite ?? input;
  return {
    input,
    cachedInput: stated.cachedInput ?? input,
    cacheWrite,
    cacheWriteLong: stated.cacheWriteLong ?? longWrite(input, cacheWrite),
    inputAudio: stated.inputAudio ?? input,
    output,
    reasoning: stated.reasoning ?? output,
    outputAudio: stated.outputAudio ?? output,
    characters: stated.characters ?? 0n,
    seconds: stated.seconds ?? 0n,
    searches: stated.searches ?? 0n,
  };
}

/**
 * Anthropic: "5-minute cache write tokens are 1.25 times the base input tokens price, 1-hour cache write tokens are 2
 * times" (https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing, checked 2026-11-24). Who asks
 * more for a write than for input does as Anthropic does, where the price list does not say otherwise.
 */
function longWrite(input: PicoDollars, cacheWrite: PicoDollars): PicoDollars {
  return cacheWrite > input ? 2n * input : cacheWrite;
}

function unitRates({ characters = 0n, seconds = 0n, searches = 0n }: StatedRates['rates']): TokenRates {
  if (characters === 0n && seconds === 0n) throw new RangeError('nothing has a price');
  return { ...NO_TOKEN_RATES, characters, seconds, searches };
}

const NO_TOKEN_RATES = {
  input: 0n,
  cachedInput: 0n,
  cacheWrite: 0n,
  cacheWriteLong: 0n,
  inputAudio: 0n,
  output: 0n,
  reasoning: 0n,
  outputAudio: 0n,
} as const;

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
    dearestCharacter: dearest(before?.dearestCharacter, rates, ['characters']),
    dearestSecond: dearest(before?.dearestSecond, rates, ['seconds']),
    dearestSearch: dearest(before?.dearestSearch, rates, ['searches']),
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

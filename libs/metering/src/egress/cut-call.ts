import type { Call, PicoDollars } from '@parsimony/contract';
import { worstCase, type ModelPrice, type UsageBounds } from '@parsimony/pricing';
import { answersOf, limitOutput } from '@parsimony/tokens';
import type { CutCall } from './reservation-door.js';
import { isGeneration } from './usage-bounds.js';

/** An answer that is shorter is of no use; OpenAI's Responses API takes no lower limit ("Create a model response"). */
const LEAST_TOKENS = 16;

/**
 * The call with as many output tokens as an amount pays for.
 *
 * @param bounds of the call as it is.
 * @param atMost output tokens of each of its answers.
 * @returns undefined where the call generates no text, or where fewer than 16 tokens for each answer would be left, or fewer
 *   than its provider takes beside its thinking budget.
 */
export function cutCall(
  call: Call,
  price: ModelPrice,
  bounds: UsageBounds,
  amount: PicoDollars,
  atMost = Infinity,
): CutCall | undefined {
  if (!isGeneration(call)) return undefined;
  const answers = answersOf(call);
  const costOf = (tokens: number): PicoDollars => worstCase(price, { ...bounds, outputTokens: tokens * answers });
  const most = Math.min(atMost, Math.floor(bounds.outputTokens / answers));
  const maxTokens = largest(LEAST_TOKENS, most, (tokens) => costOf(tokens) <= amount);
  const cut = maxTokens === undefined ? undefined : limitOutput(call, maxTokens);
  return cut && maxTokens !== undefined ? { call: cut, maxTokens, worstCase: costOf(maxTokens) } : undefined;
}

/** By halving, the largest number from `low` to `high` that fits, where all below one that fits do too. */
function largest(low: number, high: number, fits: (number: number) => boolean): number | undefined {
  if (high < low || !fits(low)) return undefined;
  let [good, bad] = [low, high + 1];
  while (bad - good > 1) {
    const middle = good + Math.floor((bad - good) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

import { isJsonObject, NO_USAGE } from '@parsimony/contract';
import type { Usage } from '@parsimony/contract';

/** Larger figures cannot be true; they would overflow the ledger's integers. */
const CREDIBLE = 2 ** 31 - 1;

/**
 * Where a provider counts the tokens of hidden thinking: inside its figure for the answer, beside it, or to be told by
 * the total, which is larger than prompt and answer together exactly where they stand beside.
 */
export type ReasoningPlace = 'inside' | 'beside' | 'by-total';

/** Reported figures of one call: `prompt` and `completion` are wholes, the others parts of them. */
export interface ReportedTokens {
  readonly prompt: unknown;
  readonly completion: unknown;
  readonly total: unknown;
  readonly cached: unknown;
  readonly cacheWritten: unknown;
  readonly inputAudio: unknown;
  readonly reasoning: unknown;
  readonly outputAudio: unknown;
}

/**
 * Takes parts out of their wholes.
 *
 * @returns null where a whole is missing or cannot be true: negative, fractional, too large, or no number.
 */
export function tokenBuckets(reported: ReportedTokens, place: ReasoningPlace): Usage | null {
  const { prompt, completion } = reported;
  if (!isCount(prompt) || !isCount(completion)) return null;
  const beside = tokensBeside(reported, prompt + completion, place);
  const generated = completion + beside;
  if (generated > CREDIBLE) return null;
  const cachedInput = part(reported.cached, prompt);
  const cacheWrite = part(reported.cacheWritten, prompt - cachedInput);
  const inputAudio = part(reported.inputAudio, prompt - cachedInput - cacheWrite);
  const reasoning = Math.max(beside, part(reported.reasoning, generated));
  const outputAudio = part(reported.outputAudio, generated - reasoning);
  return {
    ...NO_USAGE,
    input: prompt - cachedInput - cacheWrite - inputAudio,
    cachedInput,
    cacheWrite,
    inputAudio,
    output: generated - reasoning - outputAudio,
    reasoning,
    outputAudio,
  };
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= CREDIBLE;
}

/** One part, never more than the whole that it is part of. */
export function part(value: unknown, whole: number): number {
  return isCount(value) ? Math.min(value, whole) : 0;
}

/** A member of an object that may not be there. */
export function member(details: unknown, name: string): unknown {
  return isJsonObject(details) ? details[name] : undefined;
}

function tokensBeside({ total, reasoning }: ReportedTokens, sum: number, place: ReasoningPlace): number {
  if (place === 'beside') return isCount(reasoning) ? reasoning : 0;
  return place === 'by-total' && isCount(total) ? Math.max(0, total - sum) : 0;
}

import { isJsonObject } from '@parsimony/contract';
import type { Usage } from '@parsimony/contract';

/** Larger figures cannot be true; they would overflow the ledger's integers. */
const CREDIBLE_TOKENS = 2 ** 31 - 1;

/**
 * OpenAI's `usage` object in disjoint buckets. `prompt_tokens` includes cached and audio tokens, `completion_tokens`
 * includes reasoning and audio tokens (OpenAI API reference, chat completion object).
 *
 * @returns null where there is no usage, or one that cannot be true.
 */
export function usageFromOpenAi(usage: unknown): Usage | null {
  if (!isJsonObject(usage)) return null;
  const prompt = usage['prompt_tokens'];
  const completion = usage['completion_tokens'] ?? 0;
  if (!isTokens(prompt) || !isTokens(completion)) return null;
  const promptDetails = usage['prompt_tokens_details'];
  const completionDetails = usage['completion_tokens_details'];
  const cachedInput = part(promptDetails, 'cached_tokens', prompt);
  const inputAudio = part(promptDetails, 'audio_tokens', prompt - cachedInput);
  const reasoning = part(completionDetails, 'reasoning_tokens', completion);
  const outputAudio = part(completionDetails, 'audio_tokens', completion - reasoning);
  return {
    input: prompt - cachedInput - inputAudio,
    cachedInput,
    cacheWrite: 0,
    inputAudio,
    output: completion - reasoning - outputAudio,
    reasoning,
    outputAudio,
  };
}

/** A detail, never more than the whole that it is part of. */
function part(details: unknown, name: string, whole: number): number {
  const value = isJsonObject(details) ? details[name] : 0;
  return isTokens(value) ? Math.min(value, whole) : 0;
}

function isTokens(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= CREDIBLE_TOKENS;
}

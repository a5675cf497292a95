import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

const NONE: readonly JsonObject[] = Object.freeze([]);

/**
 * Log probabilities of the tokens of a text. Chat completions has null for the bytes of a token that is no whole
 * character; the Responses API has a list always.
 */
export function tokenLogprobs(logprobs: Json | undefined): readonly JsonObject[] {
  if (!isJsonObject(logprobs) || !Array.isArray(logprobs['content'])) return NONE;
  return (logprobs['content'] as readonly Json[]).filter(isLogprob).map((entry) => {
    const alternatives = entry['top_logprobs'];
    return {
      ...tokenOf(entry),
      top_logprobs: Array.isArray(alternatives) ? (alternatives as readonly Json[]).filter(isLogprob).map(tokenOf) : [],
    };
  });
}

function isLogprob(entry: Json): entry is JsonObject {
  return isJsonObject(entry) && typeof entry['token'] === 'string' && typeof entry['logprob'] === 'number';
}

function tokenOf({ token, logprob, bytes }: JsonObject): JsonObject {
  return { token, logprob, bytes: Array.isArray(bytes) && bytes.every(Number.isInteger) ? bytes : [] };
}

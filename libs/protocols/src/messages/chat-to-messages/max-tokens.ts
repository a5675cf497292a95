import type { JsonObject } from '@parsimony/contract';
import { invalid } from '../../shared/refusals.js';
import { optionalCount } from '../../shared/request-fields.js';

/**
 * How long an answer may be where a chat completion does not say: the Messages API must be told, and OpenAI's own
 * default, as much as the model can, is too much for some models and too dear to reserve. Every model that Anthropic
 * serves can write as much as this.
 */
export const DEFAULT_MAX_TOKENS = 4096;

/** @throws InvalidRequest */
export function maxTokens(body: JsonObject): number {
  const current = optionalCount(body, 'max_completion_tokens', '', 1);
  const deprecated = optionalCount(body, 'max_tokens', '', 1);
  if (current !== undefined && deprecated !== undefined && current !== deprecated) {
    throw invalid('max_tokens', 'must not differ from max_completion_tokens');
  }
  return current ?? deprecated ?? DEFAULT_MAX_TOKENS;
}

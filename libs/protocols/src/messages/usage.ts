import type { JsonObject } from '@parsimony/contract';
import { answeredCount, answeredDetails } from '../shared/answer-fields.js';

/**
 * Usage as chat completions count it: `prompt_tokens` holds the tokens that were read from the cache and written to it,
 * which Anthropic's `input_tokens` does not (Anthropic, "Prompt caching", "Tracking cache performance").
 */
export function chatUsage(usage: JsonObject): JsonObject {
  const cached = answeredCount(usage['cache_read_input_tokens']);
  const written = answeredCount(usage['cache_creation_input_tokens']);
  const prompt = answeredCount(usage['input_tokens']) + cached + written;
  const completion = answeredCount(usage['output_tokens']);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: {
      reasoning_tokens: answeredCount(answeredDetails(usage['output_tokens_details'])['thinking_tokens']),
    },
  };
}

/** The counts that a message and a `message_delta` event share, of a chat completion's usage. */
export function messagesUsageCounts(usage: JsonObject): JsonObject {
  const promptDetails = answeredDetails(usage['prompt_tokens_details']);
  const cached = answeredCount(promptDetails['cached_tokens']);
  const written = answeredCount(promptDetails['cache_write_tokens']);
  const reasoning = answeredCount(answeredDetails(usage['completion_tokens_details'])['reasoning_tokens']);
  return {
    // A server that counts cached tokens beside the prompt and not in it must not make it negative.
    input_tokens: Math.max(0, answeredCount(usage['prompt_tokens']) - cached - written),
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
    output_tokens: answeredCount(usage['completion_tokens']),
    output_tokens_details: reasoning === 0 ? null : { thinking_tokens: reasoning },
    server_tool_use: null,
  };
}

/** The usage of a whole message. @param serviceTier how it was served, as Anthropic names it. */
export function messagesUsage(usage: JsonObject, serviceTier: string | null): JsonObject {
  return {
    ...messagesUsageCounts(usage),
    cache_creation: null,
    inference_geo: null,
    service_tier: serviceTier,
    speed: null,
  };
}

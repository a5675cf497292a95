import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, Usage } from '@parsimony/contract';
import { member, tokenBuckets, type ReasoningPlace } from './token-buckets.js';

/**
 * The usage of a response object in disjoint buckets (OpenAI API reference, `ResponseUsage`), and the web searches that
 * stand among its output items.
 *
 * @returns null where there is no usage, or one that cannot be true.
 */
export function responsesUsage(response: JsonObject, place: ReasoningPlace): Usage | null {
  const usage = response['usage'];
  if (!isJsonObject(usage)) return null;
  const inputDetails = usage['input_tokens_details'];
  const outputDetails = usage['output_tokens_details'];
  const buckets = tokenBuckets(
    {
      prompt: usage['input_tokens'],
      completion: usage['output_tokens'],
      total: usage['total_tokens'],
      cached: member(inputDetails, 'cached_tokens'),
      cacheWritten: member(inputDetails, 'cache_write_tokens'),
      inputAudio: member(inputDetails, 'audio_tokens'),
      reasoning: member(outputDetails, 'reasoning_tokens'),
      outputAudio: member(outputDetails, 'audio_tokens'),
    },
    place,
  );
  return buckets && { ...buckets, searches: searchesAmong(response['output']) };
}

/** OpenAI bills what a web search call searches for, and not the pages that it opens. */
function searchesAmong(output: Json | undefined): number {
  if (!Array.isArray(output)) return 0;
  return output.filter((item: unknown) => {
    if (!isJsonObject(item) || item['type'] !== 'web_search_call' || item['status'] === 'failed') return false;
    return (member(item['action'], 'type') ?? 'search') === 'search';
  }).length;
}

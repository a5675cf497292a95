import { isJsonObject } from '@parsimony/contract';
import type { Usage } from '@parsimony/contract';
import { isCount, member, tokenBuckets, type ReasoningPlace } from './token-buckets.js';

/**
 * The `usage` of a chat completion or of embeddings in disjoint buckets. `prompt_tokens` includes cached and audio tokens
 * (OpenAI API reference, chat completion object); what else differs between providers stands in the README.
 *
 * @returns null where there is no usage, or one that cannot be true.
 */
export function chatUsage(usage: unknown, place: ReasoningPlace): Usage | null {
  if (!isJsonObject(usage)) return null;
  const promptDetails = usage['prompt_tokens_details'];
  const completionDetails = usage['completion_tokens_details'];
  return tokenBuckets(
    {
      prompt: usage['prompt_tokens'],
      completion: usage['completion_tokens'] ?? 0,
      total: usage['total_tokens'],
      // OpenAI, then Together and Moonshot, then DeepSeek.
      cached: firstPositive(
        member(promptDetails, 'cached_tokens'),
        usage['cached_tokens'],
        usage['prompt_cache_hit_tokens'],
      ),
      cacheWritten: member(promptDetails, 'cache_write_tokens'),
      inputAudio: member(promptDetails, 'audio_tokens'),
      reasoning: member(completionDetails, 'reasoning_tokens'),
      outputAudio: member(completionDetails, 'audio_tokens'),
    },
    place,
  );
}

function firstPositive(first: unknown, second: unknown, third: unknown): unknown {
  if (isPositive(first)) return first;
  return isPositive(second) ? second : third;
}

function isPositive(value: unknown): boolean {
  return isCount(value) && value > 0;
}

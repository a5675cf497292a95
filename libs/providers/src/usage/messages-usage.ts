import { isJsonObject, NO_USAGE } from '@parsimony/contract';
import type { Json, JsonObject, Usage } from '@parsimony/contract';
import { isCount, member, part } from './token-buckets.js';

/**
 * Anthropic's `usage` in disjoint buckets: tokens read from and written to the cache stand beside `input_tokens`, thinking
 * stands inside `output_tokens` (Anthropic API reference, `Usage`).
 *
 * @returns null where there is no usage, or one that cannot be true.
 */
export function messagesUsage(usage: unknown): Usage | null {
  if (!isJsonObject(usage)) return null;
  const input = usage['input_tokens'];
  const output = usage['output_tokens'];
  const read = usage['cache_read_input_tokens'] ?? 0;
  const written = usage['cache_creation_input_tokens'] ?? 0;
  if (!isCount(input) || !isCount(output) || !isCount(read) || !isCount(written)) return null;
  const cacheWriteLong = part(member(usage['cache_creation'], 'ephemeral_1h_input_tokens'), written);
  const reasoning = part(member(usage['output_tokens_details'], 'thinking_tokens'), output);
  const searches = member(usage['server_tool_use'], 'web_search_requests');
  return {
    ...NO_USAGE,
    input,
    cachedInput: read,
    cacheWrite: written - cacheWriteLong,
    cacheWriteLong,
    output: output - reasoning,
    reasoning,
    searches: isCount(searches) ? searches : 0,
  };
}

/**
 * What a stream has reported so far. The figures of `message_delta` are cumulative: each replaces the one before it and
 * is never added to it. What it leaves out or gives as null stays as `message_start` said.
 */
export function laterMessagesUsage(before: JsonObject, later: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...before };
  for (const [name, value] of Object.entries(later)) if (value !== null) merged[name] = value;
  return merged;
}

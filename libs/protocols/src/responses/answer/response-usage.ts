import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { answeredCount, answeredDetails } from '../../shared/answer-fields.js';

/** The usage of a chat as the Responses API has it; in both, the details are counted inside the whole. */
export function responseUsage(usage: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = answeredCount(usage['prompt_tokens']);
  const outputTokens = answeredCount(usage['completion_tokens']);
  const input = answeredDetails(usage['prompt_tokens_details']);
  const output = answeredDetails(usage['completion_tokens_details']);
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: answeredCount(input['cached_tokens']),
      cache_write_tokens: answeredCount(input['cache_write_tokens']),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: answeredCount(output['reasoning_tokens']) },
    total_tokens: answeredCount(usage['total_tokens']) || inputTokens + outputTokens,
  };
}

import type { GenerationCall } from '@parsimony/contract';

/**
 * The most output tokens that a call can have, reasoning included, over all its answers. Anthropic's thinking budget
 * stands inside `max_tokens`.
 *
 * @param modelMaximum the model's own limit, for a request that sets none.
 */
export function outputCeiling(call: GenerationCall, modelMaximum: number): number {
  if (call.operation === 'chat.completions') {
    const { max_completion_tokens: completion, max_tokens: total, n } = call.body;
    return (completion ?? total ?? modelMaximum) * (n ?? 1);
  }
  if (call.operation === 'responses') return call.body.max_output_tokens ?? modelMaximum;
  return call.body.max_tokens;
}

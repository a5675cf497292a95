import type { GenerationCall } from '@parsimony/contract';
import { answersOf, outputLimit } from './output-limit.js';

/**
 * The most output tokens that a call can have, reasoning included, over all its answers. Anthropic's thinking budget
 * stands inside `max_tokens`.
 *
 * @param modelMaximum the model's own limit, for a request that sets none.
 */
export function outputCeiling(call: GenerationCall, modelMaximum: number): number {
  return (outputLimit(call) ?? modelMaximum) * answersOf(call);
}

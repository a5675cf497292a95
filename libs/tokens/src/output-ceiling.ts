import type { ChatBody } from '@parsimony/contract';

/**
 * The most output tokens that a chat completion can have, reasoning included, over all its choices.
 *
 * @param modelMaximum the model's own limit, for a request that sets none.
 */
export function outputCeiling(body: ChatBody, modelMaximum: number): number {
  return (body.max_completion_tokens ?? body.max_tokens ?? modelMaximum) * (body.n ?? 1);
}

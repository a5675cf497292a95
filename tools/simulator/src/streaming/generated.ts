import type { Choice } from '../answers/choice.js';
import { tokensOf } from '../generation/piece.js';

/** What was generated of an answer: all of it, or what a stream got to. */
export interface Generated {
  readonly output: number;
  readonly reasoning: number;
}

export function wholeAnswer(choices: readonly Choice[]): Generated {
  let output = 0;
  let reasoning = 0;
  for (const choice of choices) {
    output += tokensOf(choice.pieces);
    for (const call of choice.toolCalls) output += tokensOf(call.pieces);
    reasoning += choice.reasoningTokens;
  }
  return { output, reasoning };
}

import type { BilledTokens } from '../bill.js';
import type { ChatAnswer } from './chat-answer.js';
import { tokensOf } from '../generation/piece.js';

/** What was generated of an answer: all of it, or what a stream got to. */
export interface Generated {
  readonly output: number;
  readonly reasoning: number;
}

export function wholeAnswer(answer: ChatAnswer): Generated {
  return {
    output: answer.choices.reduce((total, choice) => total + tokensOf(choice.pieces), 0),
    reasoning: answer.choices.reduce((total, choice) => total + choice.reasoningTokens, 0),
  };
}

export function billedTokens(answer: ChatAnswer, generated: Generated): BilledTokens {
  return {
    input: answer.promptTokens - answer.cachedTokens,
    cachedInput: answer.cachedTokens,
    output: generated.output,
    reasoning: generated.reasoning,
  };
}

/** OpenAI's `usage` object of the whole answer; its figures contain one another. */
export function usageOf(answer: ChatAnswer): object {
  const { output, reasoning } = wholeAnswer(answer);
  return {
    prompt_tokens: answer.promptTokens,
    completion_tokens: output + reasoning,
    total_tokens: answer.promptTokens + output + reasoning,
    prompt_tokens_details: { cached_tokens: answer.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

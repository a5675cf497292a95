import type { BilledTokens } from '../bill.js';
import type { UsageStyle } from '../settings.js';
import type { Generated } from '../streaming/generated.js';
import type { ChatAnswer } from './chat-answer.js';

export function billedTokens(answer: ChatAnswer, generated: Generated): BilledTokens {
  return {
    input: answer.promptTokens - answer.cachedTokens,
    cachedInput: answer.cachedTokens,
    output: generated.output,
    reasoning: generated.reasoning,
  };
}

/**
 * The `usage` object after so much was generated. OpenAI's figures contain one another; `reasoning-beside` says the
 * hidden tokens in the total and in the details only, as some compatible providers do.
 */
export function usageOf(answer: ChatAnswer, { output, reasoning }: Generated, style: UsageStyle): object {
  return {
    prompt_tokens: answer.promptTokens,
    completion_tokens: style === 'reasoning-beside' ? output : output + reasoning,
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

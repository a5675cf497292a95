import type { Choice } from '../answers/choice.js';
import type { ChatRequest } from './chat-request.js';

/** Everything that the provider will say to a chat request, before any of it is sent. */
export interface ChatAnswer {
  readonly promptTokens: number;
  /** Of the prompt tokens, those that came from the provider's cache. */
  readonly cachedTokens: number;
  readonly choices: readonly Choice[];
}

export type FinishReason = 'stop' | 'length' | 'tool_calls';

/** OpenAI says `stop`, not `tool_calls`, where the caller named the function. */
export function finishReasonOf({ end, toolCalls }: Choice, { forcedTool }: ChatRequest): FinishReason {
  if (end === 'limit') return 'length';
  return toolCalls.length > 0 && forcedTool.kind !== 'named' ? 'tool_calls' : 'stop';
}

import type { ChatMessage } from '@parsimony/contract';
import { messagesText } from './chat-text.js';
import { encodedLength } from './encoder.js';
import { encodingOf } from './encoding.js';

/**
 * Tokens of a chat prompt, at once, by the formula of OpenAI's cookbook: for tools and tests. Messages of callers are
 * counted by `TokenCounter.countChat`, which holds no event loop.
 */
export function chatTokens(messages: readonly ChatMessage[], model: string): number {
  const encoding = encodingOf(model);
  const { texts, overhead } = messagesText(messages);
  return texts.reduce((sum, text) => sum + encodedLength(text, encoding), overhead);
}

import { countTokens } from '../generation/tokens.js';
import type { PromptMessage } from './prompt-message.js';
import type { Wish } from './wish.js';

/** Tokens that frame a message, and those that begin the answer: OpenAI Cookbook, "How to count tokens with tiktoken". */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_PER_ANSWER = 3;

/** Tokens of the whole prompt as OpenAI frames it, tool definitions and schemas included. */
export function countPromptTokens({ definitions, messages }: Wish): number {
  let tokens = TOKENS_PER_ANSWER + countTokens(definitions);
  for (const message of messages) {
    tokens += TOKENS_PER_MESSAGE + countTokens(message.role) + countTokens(message.text) + message.mediaTokens;
    for (const annotation of message.annotations) tokens += countTokens(annotation);
  }
  return tokens;
}

/** The last message of the user, by whose text the answer book is searched, and whether anything came after it. */
export function lastQuestion(messages: readonly PromptMessage[]): { text: string; isLast: boolean } | null {
  const index = messages.findLastIndex((message) => message.role === 'user');
  const message = messages[index];
  return message ? { text: message.text, isLast: index === messages.length - 1 } : null;
}

/** The messages with another text in the last one of the user. */
export function withLastQuestion(messages: readonly PromptMessage[], text: string): readonly PromptMessage[] {
  const index = messages.findLastIndex((message) => message.role === 'user');
  return messages.map((message, place) => (place === index ? { ...message, text } : message));
}

/** What an answer depends on besides seeds, key and model. */
export function promptIdentity({ definitions, messages }: Wish): string {
  return JSON.stringify([
    messages.map(({ role, text, annotations, mediaTokens }) => [role, text, annotations, mediaTokens]),
    definitions,
  ]);
}

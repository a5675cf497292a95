import type { ChatRequest } from './chat-request.js';
import { countTokens } from '../generation/tokens.js';

/** Tokens that frame a message, and those that begin the answer: OpenAI Cookbook, "How to count tokens with tiktoken". */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_PER_ANSWER = 3;

/** Tokens of the whole prompt, tool definitions and schemas included. */
export function countPromptTokens(request: ChatRequest): number {
  let tokens = TOKENS_PER_ANSWER + countTokens(request.definitions);
  for (const message of request.messages) {
    tokens += TOKENS_PER_MESSAGE + countTokens(message.role) + countTokens(message.text) + message.mediaTokens;
    for (const annotation of message.annotations) tokens += countTokens(annotation);
  }
  return tokens;
}

/** The text of the last message of the user, by which the answer book is searched. */
export function lastUserText(request: ChatRequest): string | undefined {
  return request.messages.findLast((message) => message.role === 'user')?.text;
}

/** What an answer depends on besides seeds, key and model. */
export function promptIdentity(request: ChatRequest): string {
  return JSON.stringify([
    request.messages.map(({ role, text, annotations, mediaTokens }) => [role, text, annotations, mediaTokens]),
    request.definitions,
  ]);
}

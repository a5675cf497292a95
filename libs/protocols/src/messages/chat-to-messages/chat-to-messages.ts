import { checkRequestDepth } from '../../shared/json-depth.js';
import type { Translate } from '../../translation.js';
import { chatAnswer } from './answer.js';
import { messagesRequest, wantsUsageChunk } from './request.js';
import { ChatStream } from './stream.js';

/**
 * The caller speaks Chat Completions (OpenAI), the provider speaks Messages (Anthropic).
 *
 * @throws InvalidRequest where the body is no chat completion, UnsupportedParameter where Messages cannot carry it. What
 * is made of an answer throws ProviderInvalidAnswer where it is no message.
 */
export const chatToMessages: Translate = (body, options) => {
  checkRequestDepth(body);
  const usageChunk = wantsUsageChunk(body);
  return {
    request: messagesRequest(body, options),
    answer: (message) => chatAnswer(message, options),
    stream: () => new ChatStream(usageChunk, options),
  };
};

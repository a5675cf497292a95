import { checkRequestDepth } from '../../shared/json-depth.js';
import type { Translate } from '../../translation.js';
import { messagesAnswer } from './answer.js';
import { chatRequest } from './request.js';
import { MessagesStream } from './stream.js';

/**
 * The caller speaks Messages (Anthropic), the provider speaks Chat Completions (OpenAI, and the many that are like it).
 *
 * @throws InvalidRequest where the body is no message request, UnsupportedParameter where a chat completion cannot carry
 * it. What is made of an answer throws ProviderInvalidAnswer where it is no chat completion.
 */
export const messagesToChat: Translate = (body, options) => {
  checkRequestDepth(body);
  const { request, showThinking } = chatRequest(body, options);
  return {
    request,
    answer: (completion) => messagesAnswer(completion, showThinking, options),
    stream: () => new MessagesStream(showThinking, options),
  };
};

import type { JsonObject, Usage } from '@parsimony/contract';
import { chatUsage } from '../usage/chat-usage.js';
import { messagesUsage } from '../usage/messages-usage.js';
import { responsesUsage } from '../usage/responses-usage.js';
import type { ReasoningPlace } from '../usage/token-buckets.js';

/** How one provider's usage is read; made once a provider, since a closure a call would be garbage. */
export interface UsageReaders {
  readonly ofChatUsage: (usage: unknown) => Usage | null;
  readonly ofChat: (answer: JsonObject) => Usage | null;
  readonly ofEmbeddings: (answer: JsonObject) => Usage | null;
  readonly ofResponse: (response: JsonObject) => Usage | null;
  readonly ofMessage: (message: JsonObject) => Usage | null;
}

export function usageReaders(place: ReasoningPlace): UsageReaders {
  return {
    ofChatUsage: (usage) => chatUsage(usage, place),
    ofChat: (answer) => chatUsage(answer['usage'], place),
    ofEmbeddings: (answer) => chatUsage(answer['usage'], 'inside'),
    ofResponse: (response) => responsesUsage(response, place),
    ofMessage: (message) => messagesUsage(message['usage']),
  };
}

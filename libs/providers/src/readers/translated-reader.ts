import type { JsonObject, Usage } from '@parsimony/contract';
import type { Protocol, Translation } from '@parsimony/protocols';
import type { AnswerReader } from '../http/answer-reader.js';
import { ChatAccount } from './chat-account.js';
import type { EventAccount } from './event-account.js';
import { MessagesAccount } from './messages-account.js';
import { assertEvents } from './native-reader.js';
import { ResponsesAccount } from './responses-account.js';
import { TranslatedStreamReader } from './translated-stream-reader.js';
import { TranslatedWholeReader } from './translated-whole-reader.js';
import type { UsageReaders } from './usage-readers.js';

export interface TranslatedAnswer {
  readonly provider: string;
  /** What the provider answers in. */
  readonly spoken: Protocol;
  readonly stream: boolean;
  readonly translation: Translation;
  readonly usage: UsageReaders;
}

/**
 * The reader of an answer in another protocol than the caller's.
 *
 * @throws ProviderInvalidAnswer where a stream was asked for and something else comes.
 */
export function translatedReader(answer: TranslatedAnswer, contentType: string): AnswerReader {
  const { provider, stream, translation } = answer;
  if (!stream) return new TranslatedWholeReader(provider, translation, usageOfWhole(answer));
  assertEvents(provider, contentType);
  return new TranslatedStreamReader(provider, translation.stream(), accountOf(answer));
}

function accountOf({ provider, spoken, usage }: TranslatedAnswer): EventAccount {
  if (spoken === 'messages') return new MessagesAccount(provider);
  if (spoken === 'responses') return new ResponsesAccount(provider, usage.ofResponse);
  return new ChatAccount(provider, usage.ofChatUsage);
}

function usageOfWhole({ spoken, usage }: TranslatedAnswer): (answer: JsonObject) => Usage | null {
  if (spoken === 'messages') return usage.ofMessage;
  return spoken === 'responses' ? usage.ofResponse : usage.ofChat;
}

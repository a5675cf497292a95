import { ProviderInvalidAnswer } from '@parsimony/contract';
import type { Call, SpeechCall, TranscriptionCall } from '@parsimony/contract';
import type { AnswerReader } from '../http/answer-reader.js';
import { asksForUsage } from '../request/json-body.js';
import { transcriptionUsage } from '../usage/audio-usage.js';
import { AudioAccount } from './audio-account.js';
import { ChatStreamReader } from './chat-stream-reader.js';
import { EventStreamReader } from './event-stream-reader.js';
import { MessagesAccount } from './messages-account.js';
import { ResponsesAccount } from './responses-account.js';
import { SoundReader } from './sound-reader.js';
import { TextReader } from './text-reader.js';
import { UnstreamedReader } from './unstreamed-reader.js';
import type { UsageReaders } from './usage-readers.js';
import { WholeReader } from './whole-reader.js';

/** Formats of a transcription that are no JSON (OpenAI API reference, "Create transcription"). */
const TEXT_FORMATS: readonly unknown[] = ['text', 'srt', 'vtt'];
const SOUND = /^(?:audio\/|application\/octet-stream)/;

/**
 * The reader of an answer in the caller's own protocol.
 *
 * @throws ProviderInvalidAnswer where the content type is not one of that protocol.
 */
export function nativeReader(provider: string, usage: UsageReaders, call: Call, contentType: string): AnswerReader {
  switch (call.operation) {
    case 'chat.completions':
      if (!call.stream) return new WholeReader(provider, usage.ofChat);
      assertEvents(provider, contentType);
      return new ChatStreamReader(provider, asksForUsage(call.body), usage.ofChatUsage);
    case 'responses':
      if (!call.stream) return new WholeReader(provider, usage.ofResponse);
      assertEvents(provider, contentType);
      return new EventStreamReader(provider, new ResponsesAccount(provider, usage.ofResponse));
    case 'messages':
      if (!call.stream) return new WholeReader(provider, usage.ofMessage);
      assertEvents(provider, contentType);
      return new EventStreamReader(provider, new MessagesAccount(provider));
    case 'embeddings':
    case 'moderations':
      return new WholeReader(provider, usage.ofEmbeddings);
    case 'audio.speech':
      return speechReader(provider, call, contentType);
    case 'audio.transcriptions':
    case 'audio.translations':
      return transcriptionReader(provider, call, contentType);
  }
}

function speechReader(provider: string, { body }: SpeechCall, contentType: string): AnswerReader {
  if (body['stream_format'] === 'sse') {
    assertEvents(provider, contentType);
    return new EventStreamReader(provider, new AudioAccount(provider));
  }
  if (SOUND.test(contentType)) return new SoundReader(contentType);
  throw new ProviderInvalidAnswer(`${provider} answered a call for speech with ${contentType || 'no content type'}`);
}

function transcriptionReader(provider: string, call: TranscriptionCall, contentType: string): AnswerReader {
  if (call.stream) {
    if (contentType.startsWith('application/json'))
      return new UnstreamedReader(provider, contentType, transcriptionUsage);
    assertEvents(provider, contentType);
    return new EventStreamReader(provider, new AudioAccount(provider));
  }
  if (!TEXT_FORMATS.includes(call.body['response_format'])) return new WholeReader(provider, transcriptionUsage);
  if (!contentType.startsWith('text/html')) return new TextReader(provider, contentType || 'text/plain');
  throw new ProviderInvalidAnswer(`${provider} answered a transcription with a page`);
}

export function assertEvents(provider: string, contentType: string): void {
  if (contentType.startsWith('text/event-stream')) return;
  throw new ProviderInvalidAnswer(`${provider} answered a streaming call with ${contentType || 'no content type'}`);
}

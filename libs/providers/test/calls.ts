import type {
  JsonObject,
  MessagesCall,
  ModelTarget,
  ModerationsCall,
  ResponsesCall,
  SpeechCall,
  TranscriptionCall,
} from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';

type Base = Omit<ReturnType<typeof aCall>, 'operation' | 'stream' | 'body' | 'received'>;

function base(): Base {
  const { operation: _, stream: __, body: ___, ...rest } = aCall();
  return rest;
}

export function aTarget(model: string): ModelTarget {
  return { provider: 'sample', model, tier: null };
}

export function aMessagesCall(changes: Partial<MessagesCall> = {}): MessagesCall {
  const body = { model: 'claude', max_tokens: 100, messages: [{ role: 'user', content: 'Назови простое число 😀' }] };
  return { ...base(), operation: 'messages', stream: false, body, ...changes };
}

export function aResponsesCall(changes: Partial<ResponsesCall> = {}): ResponsesCall {
  const body = { model: 'gpt', input: 'Назови простое число 😀' };
  return { ...base(), operation: 'responses', stream: false, body, ...changes };
}

export function aModerationsCall(): ModerationsCall {
  return { ...base(), operation: 'moderations', stream: false, body: { model: 'omni', input: 'Привет' } };
}

export function aSpeechCall(fields: JsonObject = {}): SpeechCall {
  const body = { model: 'tts', input: 'Привет', voice: 'alloy', ...fields };
  return { ...base(), operation: 'audio.speech', stream: true, body };
}

/** A form as browsers and OpenAI's clients write it. */
export function aForm(fields: Readonly<Record<string, string>>, boundary = '----formdata-42'): Buffer {
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="model"\r\nContent-Type: audio/wav\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(texts.join('') + file),
    Buffer.from([0x52, 0x49, 0x46, 0x46, 0x0d, 0x0a, 0x2d, 0x2d, 0xff, 0x00]),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

export function aTranscriptionCall(
  fields: Readonly<Record<string, string>>,
  changes: Partial<TranscriptionCall> = {},
): TranscriptionCall {
  const body = { model: 'whisper-1', ...fields };
  const contentType = 'multipart/form-data; boundary=----formdata-42';
  const received = { bytes: aForm(body), body, contentType };
  return { ...base(), operation: 'audio.transcriptions', stream: false, body, received, ...changes };
}

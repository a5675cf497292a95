import type {
  Call,
  MessagesCall,
  ModerationsCall,
  ResponsesCall,
  SpeechCall,
  TranscriptionCall,
} from '@parsimony/contract';
import { aLedgerCall } from './a-row.js';

type Facts<C extends Call> = { readonly body: C['body'] } & Partial<Omit<C, 'operation' | 'body'>>;

/** What the calls of all protocols have in common, with a target at OpenAI. */
function base(model: string): Omit<Call, 'operation' | 'stream' | 'body' | 'received'> {
  const { operation: _operation, stream: _stream, body: _body, received: _received, ...rest } = aLedgerCall();
  return { ...rest, target: { provider: 'openai', model, tier: null }, requestedModel: model };
}

export function aResponsesCall(facts: Facts<ResponsesCall>): ResponsesCall {
  return { ...base(facts.body.model), operation: 'responses', stream: facts.body.stream ?? false, ...facts };
}

export function aMessagesCall(facts: Facts<MessagesCall>): MessagesCall {
  const target = { provider: 'anthropic', model: facts.body.model, tier: null };
  return { ...base(facts.body.model), target, operation: 'messages', stream: facts.body.stream ?? false, ...facts };
}

export function aModerationsCall(facts: Facts<ModerationsCall>): ModerationsCall {
  return { ...base(facts.body.model), operation: 'moderations', stream: false, ...facts };
}

export function aSpeechCall(facts: Facts<SpeechCall>): SpeechCall {
  return { ...base(facts.body.model), operation: 'audio.speech', stream: true, ...facts };
}

/** @param bytes length of the form. */
export function aTranscriptionCall(bytes: number, facts: Facts<TranscriptionCall>): TranscriptionCall {
  const received = {
    bytes: new Uint8Array(bytes),
    body: facts.body,
    contentType: 'multipart/form-data; boundary=b',
  };
  return { ...base(facts.body.model), operation: 'audio.transcriptions', stream: false, received, ...facts };
}

/** A form with a recording, as a client sends it. */
export async function aRecording(
  wav: Buffer,
  fields: Readonly<Record<string, string>> & { model: string },
): Promise<TranscriptionCall> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'sound.wav');
  const sent = new Response(form);
  const contentType = sent.headers.get('content-type') ?? '';
  const bytes = await sent.bytes();
  return aTranscriptionCall(0, { body: fields, received: { bytes, body: fields, contentType } });
}

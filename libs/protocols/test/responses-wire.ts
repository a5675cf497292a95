import type { JsonObject } from '@parsimony/contract';
import type OpenAI from 'openai';

type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

/** A response as it goes over the wire: `output_text` is made by the official client. */
export type WireResponse = Omit<Response, 'output_text'>;

/** A streamed event as it goes over the wire. OpenAI's OpenAPI file wants `name` where the client's types lack it. */
export type WireEvent = ToWire<Event>;

type ToWire<E> = E extends { response: Response }
  ? Omit<E, 'response'> & { response: WireResponse }
  : E extends { type: 'response.function_call_arguments.done' }
    ? E & { name: string }
    : E;

/** What every spec translates with. */
export const OPTIONS = {
  model: 'gemma-3',
  now: 1_795_478_400_999,
  callId: '01936000-0000-7000-8000-00000000000a',
} as const;

/** The ids of answers end in it. */
export const HEX = OPTIONS.callId.replaceAll('-', '');

/** A chunk of a chat with a piece of its only message. */
export function chunk(delta: JsonObject, choice: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_795_478_401,
    model: 'gemma-3-27b',
    choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  };
}

/** A chat that was answered as a whole. */
export function completion(message: JsonObject, finishReason = 'stop', members: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_795_478_401,
    model: 'gemma-3-27b',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        finish_reason: finishReason,
        logprobs: null,
      },
    ],
    ...members,
  };
}

/** The last chunk, where the provider was asked for the usage. */
export function usageChunk(usage: JsonObject): JsonObject {
  return { ...chunk({}), choices: [], usage };
}

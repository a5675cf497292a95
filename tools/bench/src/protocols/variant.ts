import type { LeanRequest } from '../load/lean-call.js';
import { PROTOCOLS, requestBody, type Protocol } from './request-body.js';

/** The providers that are called: one speaks chat completions and Responses, the other Messages. */
const MODELS = { openai: 'openai/gpt-4o-mini', anthropic: 'anthropic/claude-haiku-4-5' } as const;

export type ProviderName = keyof typeof MODELS;

/** One way through the gateway: from the caller's protocol to a provider, whole or streamed. */
export interface Variant {
  readonly name: string;
  readonly protocol: Protocol;
  readonly provider: ProviderName;
  readonly stream: boolean;
  /** Whether the provider speaks the caller's protocol itself. */
  readonly same: boolean;
  readonly request: LeanRequest;
  /** What stands near the end of a whole answer, and nowhere else. */
  readonly ending: string;
}

const PATHS: Readonly<Record<Protocol, string>> = {
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
  responses: '/v1/responses',
};
const WHOLE_ENDINGS: Readonly<Record<Protocol, string>> = {
  chat: '"finish_reason":"stop"',
  messages: '"stop_reason":"end_turn"',
  responses: '"status":"completed"',
};
const STREAM_ENDINGS: Readonly<Record<Protocol, string>> = {
  chat: '[DONE]',
  messages: '"message_stop"',
  responses: '"response.completed"',
};

/** Every protocol to every provider, whole and streamed; those that are compared are neighbours. */
export function variantsFor(key: string): Variant[] {
  const ways = PROTOCOLS.flatMap((protocol) => [false, true].map((stream) => ({ protocol, stream })));
  return ways.flatMap(({ protocol, stream }) =>
    (['openai', 'anthropic'] as const).map((provider) => ({
      name: `${protocol}→${provider}, ${stream ? 'streamed' : 'whole'}`,
      protocol,
      provider,
      stream,
      same: (protocol === 'messages') === (provider === 'anthropic'),
      request: {
        path: PATHS[protocol],
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          ...(protocol === 'messages' && { 'anthropic-version': '2023-06-01' }),
        },
        body: requestBody(protocol, MODELS[provider], stream),
      },
      ending: (stream ? STREAM_ENDINGS : WHOLE_ENDINGS)[protocol],
    })),
  );
}

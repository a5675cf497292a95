import type { LeanRequest } from './lean-call.js';

/** A small chat completion for the fast upstream. */
export function chatRequest(key: string, stream: boolean): LeanRequest {
  return {
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Say something about foxes, dogs and gateways, in about ninety tokens.' }],
      max_tokens: 128,
      ...(stream && { stream: true }),
    }),
  };
}

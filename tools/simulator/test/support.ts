import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Simulator } from '../src/index.js';

export const KEY = 'sk-simulator-spec-key-0001';

/** The official client, which does not try again: a fault has to show. */
export function clientOf(simulator: Simulator, apiKey = KEY): OpenAI {
  return new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey, maxRetries: 0 });
}

/** Anthropic's official client, which does not try again either. */
export function anthropicOf(simulator: Simulator, apiKey = KEY): Anthropic {
  return new Anthropic({ baseURL: simulator.url, apiKey, maxRetries: 0 });
}

/** A request to Claude for at most 1,000 tokens. */
export function askClaude(content: Anthropic.MessageParam['content'], model = 'claude-sonnet-4-6') {
  return { model, max_tokens: 1000, messages: [{ role: 'user' as const, content }] };
}

/** A body for Anthropic, without the client's help. */
export function postMessages(
  simulator: Simulator,
  body: object,
  headers: Record<string, string> = {},
  path = '/v1/messages',
): Promise<Response> {
  return post(simulator, path, JSON.stringify(body), {
    'x-api-key': KEY,
    'anthropic-version': '2023-06-01',
    ...headers,
  });
}

/** The events of a stream as they came, with the names that they bear. */
export async function readEvents(
  response: Response,
): Promise<{ name: string | null; data: Record<string, unknown> }[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((event) => event.includes('data: {'))
    .map((event) => ({
      name: /^event: (.*)$/m.exec(event)?.[1] ?? null,
      data: JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as Record<string, unknown>,
    }));
}

export function ask(content: string, model = 'gpt-4.1-mini') {
  return { model, messages: [{ role: 'user' as const, content }] };
}

/** Everything that a stream brings. */
export async function collect(stream: AsyncIterable<ChatCompletionChunk>): Promise<ChatCompletionChunk[]> {
  return Array.fromAsync(stream);
}

export function textOfChunks(chunks: readonly ChatCompletionChunk[], index = 0): string {
  return chunks
    .flatMap((chunk) => chunk.choices)
    .filter((choice) => choice.index === index)
    .map((choice) => choice.delta.content ?? '')
    .join('');
}

/** A request without the client's help. */
export function post(
  simulator: Simulator,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(simulator.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
    body,
  });
}

/** Waits until something is true; fails after five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come true within five seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

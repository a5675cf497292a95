import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Simulator } from '../src/index.js';

export const KEY = 'sk-simulator-spec-key-0001';

/** The official client, which does not try again: a fault has to show. */
export function clientOf(simulator: Simulator, apiKey = KEY): OpenAI {
  return new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey, maxRetries: 0 });
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

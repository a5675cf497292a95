import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recording } from '../../test/recording.js';
import { ask, askClaude, KEY } from '../../test/support.js';
import { startSimulator, type Fault, type Simulator } from '../index.js';

const SLOW_MS = 120;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ settings: { slowMs: SLOW_MS } });
});
afterAll(() => simulator.close());

function form(): FormData {
  const fields = new FormData();
  fields.append('model', 'whisper-1');
  fields.append('file', recording(2), 'sound.wav');
  return fields;
}

const ADDRESSES: readonly [path: string, body: () => string | FormData][] = [
  ['/v1/messages', () => JSON.stringify(askClaude('Hello'))],
  ['/v1/messages', () => JSON.stringify({ ...askClaude('Hello'), stream: true })],
  ['/v1/responses', () => JSON.stringify({ model: 'gpt-4.1', input: 'Hello' })],
  ['/v1/responses', () => JSON.stringify({ model: 'gpt-4.1', input: 'Hello', stream: true })],
  ['/v1/moderations', () => JSON.stringify({ input: 'Hello' })],
  ['/v1/audio/speech', () => JSON.stringify({ model: 'tts-1', voice: 'alloy', input: 'Hello' })],
  ['/v1/audio/transcriptions', form],
  ['/v1/audio/translations', form],
  ['/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21', () => JSON.stringify(ask('Hello'))],
  ['/openai/v1/responses', () => JSON.stringify({ model: 'gpt-4.1', input: 'Hello' })],
];

describe.each(ADDRESSES)('%s', (path, body) => {
  function send(fault: Fault, signal: AbortSignal | null = null): Promise<Response> {
    const content = body();
    const headers = {
      authorization: `Bearer ${KEY}`,
      'anthropic-version': '2023-06-01',
      'x-simulator-fault': fault,
      ...(typeof content === 'string' && { 'content-type': 'application/json' }),
    };
    return fetch(simulator.url + path, { method: 'POST', headers, body: content, signal });
  }
  const chargedCalls = (): number => simulator.bill().total.calls;

  it('fails uncharged, in its protocol’s shape', async () => {
    const before = chargedCalls();
    const limited = await send('rate_limit');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await limited.json()).toMatchObject({ error: { message: expect.any(String) } });
    const failed = await send('server_error');
    expect([500, 529]).toContain(failed.status);
    expect(await failed.json()).toMatchObject({ error: { message: expect.any(String) } });
    await expect(send('reset')).rejects.toThrow();
    await expect(send('timeout', AbortSignal.timeout(100))).rejects.toThrow();
    expect(await (await send('garbage')).text()).toContain('<html>');
    expect(chargedCalls()).toBe(before);
  });

  it('is charged where it is slow, and where it is cut', async () => {
    const before = chargedCalls();
    const begin = performance.now();
    expect((await send('slow')).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(SLOW_MS - 5);
    await expect(send('cut').then((response) => response.arrayBuffer())).rejects.toThrow();
    expect(chargedCalls()).toBe(before + 2);
  });
});

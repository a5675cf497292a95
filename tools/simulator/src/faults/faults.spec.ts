import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, clientOf, collect, post, textOfChunks } from '../../test/support.js';
import { FAULTS, startSimulator, type Fault, type Simulator } from '../index.js';

const EMBEDDING = { model: 'text-embedding-3-small', input: 'a text' };

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ settings: { slowMs: 150, retryAfterSeconds: 7 } });
  client = clientOf(simulator);
});
afterAll(() => simulator.close());
afterEach(async () => {
  await fetch(`${simulator.url}/simulator/bill`, { method: 'DELETE' });
});

function chargedCalls(): number {
  return simulator.bill().total.calls;
}

/** A chat request that carries the wish for a fault in its body. */
function asking(fault: Fault) {
  return { ...ask('Fail.'), metadata: { simulator_fault: fault } };
}

describe('rate_limit', () => {
  it('is a 429 with retry-after, streaming or not, and is not charged', async () => {
    for (const stream of [false, true]) {
      const failure = client.chat.completions.create({ ...asking('rate_limit'), stream });
      await expect(failure).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      await expect(failure).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
      const headers = await failure.catch((error: unknown) => (error as InstanceType<typeof OpenAI.APIError>).headers);
      expect((headers as Headers).get('retry-after')).toBe('7');
    }
    expect(chargedCalls()).toBe(0);
  });
});

describe('server_error', () => {
  it('is a 500 and is not charged', async () => {
    const failure = client.chat.completions.create(asking('server_error'));
    await expect(failure).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    await expect(failure).rejects.toMatchObject({ status: 500, type: 'server_error' });
    expect(chargedCalls()).toBe(0);
  });
});

describe('timeout', () => {
  it.each([false, true])('never answers, and is not charged; streaming: %s', async (stream) => {
    const failure = client.chat.completions.create({ ...asking('timeout'), stream }, { timeout: 200 });
    await expect(failure).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    expect(chargedCalls()).toBe(0);
  });
});

describe('reset', () => {
  it('closes the connection without an answer, and is not charged', async () => {
    const failure = client.chat.completions.create(asking('reset'));
    await expect(failure).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(chargedCalls()).toBe(0);
  });
});

describe('slow', () => {
  it.each([false, true])('answers later, as ever, and is charged; streaming: %s', async (stream) => {
    const begin = performance.now();
    const response = await post(simulator, '/v1/chat/completions', JSON.stringify({ ...asking('slow'), stream }));
    expect(performance.now() - begin).toBeGreaterThan(145);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(stream ? '[DONE]' : '"finish_reason":"stop"');
    expect(chargedCalls()).toBe(1);
  });
});

describe('cut', () => {
  it('ends a stream in the middle, and charges what was sent until then', async () => {
    const whole = await client.chat.completions.create(ask('Fail.'));
    await fetch(`${simulator.url}/simulator/bill`, { method: 'DELETE' });
    const response = await post(simulator, '/v1/chat/completions', JSON.stringify({ ...asking('cut'), stream: true }));
    expect(response.status).toBe(200);
    const received: string[] = [];
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of response.body ?? [])
        received.push(decoder.decode(bytes as Uint8Array, { stream: true }));
    })();
    await expect(reading).rejects.toThrow();
    const events = received.join('').split('\n\n').filter(Boolean);
    const tokens = whole.usage?.completion_tokens ?? 0;
    expect(events).toHaveLength(Math.floor((tokens + 2) / 2));
    expect(events.at(-1)).toContain('"content":');
    expect(simulator.bill().total.tokens).toMatchObject({
      input: whole.usage?.prompt_tokens,
      output: events.length - 1,
    });
  });

  it('breaks the official client off in a stream', async () => {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const reading = (async () => {
      for await (const chunk of await client.chat.completions.create({ ...asking('cut'), stream: true }))
        chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow();
    expect(textOfChunks(chunks)).not.toBe('');
    expect(chunks.every((chunk) => chunk.choices[0]?.finish_reason === null)).toBe(true);
  });

  it('ends a whole answer in the middle of its body, and charges it whole', async () => {
    for (const [path, body] of [
      ['/v1/chat/completions', asking('cut')],
      ['/v1/embeddings', { ...EMBEDDING, user: 'simulator_fault:cut' }],
    ] as const) {
      const response = await post(simulator, path, JSON.stringify(body));
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    }
    expect(chargedCalls()).toBe(2);
  });
});

describe('garbage', () => {
  it('is a 200 that is no JSON, and is not charged', async () => {
    for (const [path, body] of [
      ['/v1/chat/completions', asking('garbage')],
      ['/v1/embeddings', { ...EMBEDDING, user: 'simulator_fault:garbage' }],
    ] as const) {
      const response = await post(simulator, path, JSON.stringify(body));
      expect(response.status).toBe(200);
      await expect(response.json()).rejects.toThrow(SyntaxError);
    }
    expect(chargedCalls()).toBe(0);
  });

  it('is an event that is no JSON in a stream', async () => {
    await expect(client.chat.completions.create({ ...asking('garbage'), stream: true }).then(collect)).rejects.toThrow(
      SyntaxError,
    );
    expect(chargedCalls()).toBe(0);
  });
});

describe('a request for a fault', () => {
  const body = JSON.stringify(ask('Fail.'));

  it('may stand in a header, in metadata, or in user', async () => {
    const byHeader = await post(simulator, '/v1/chat/completions', body, { 'x-simulator-fault': 'server_error' });
    expect(byHeader.status).toBe(500);
    await expect(
      client.chat.completions.create({ ...ask('Fail.'), user: 'simulator_fault:server_error' }),
    ).rejects.toMatchObject({ status: 500 });
    await expect(client.embeddings.create({ ...EMBEDDING, user: 'simulator_fault:rate_limit' })).rejects.toMatchObject({
      status: 429,
    });
  });

  it('is refused with 400 where there is no such fault', async () => {
    const response = await post(simulator, '/v1/chat/completions', body, { 'x-simulator-fault': 'flood' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'x-simulator-fault' } });
  });

  it('may ask to be spared', async () => {
    await using faulty = await startSimulator({ settings: { faults: { server_error: 1 } } });
    expect((await post(faulty, '/v1/chat/completions', body)).status).toBe(500);
    expect((await post(faulty, '/v1/chat/completions', body, { 'x-simulator-fault': 'none' })).status).toBe(200);
  });
});

describe('faults by probability', () => {
  async function statuses(running: Simulator, requests: number, key?: string): Promise<number[]> {
    const results: number[] = [];
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    for (let index = 0; index < requests; index += 1) {
      results.push((await post(running, '/v1/chat/completions', JSON.stringify(ask('Fail.')), headers)).status);
    }
    return results;
  }
  const faults = { server_error: 0.2, rate_limit: 0.1 };

  it('come as often as they should, and the same again for the same seed and key', async () => {
    await using running = await startSimulator({ settings: { seed: 5, faults } });
    const first = await statuses(running, 300);
    const share = (status: number): number => first.filter((value) => value === status).length / first.length;
    expect(share(500)).toBeGreaterThan(0.12);
    expect(share(500)).toBeLessThan(0.28);
    expect(share(429)).toBeGreaterThan(0.04);
    expect(share(429)).toBeLessThan(0.16);
    await using other = await startSimulator({ settings: { seed: 5, faults } });
    expect(await statuses(other, 300)).toEqual(first);
    running.configure({ seed: 5 });
    expect(await statuses(running, 50)).toEqual(first.slice(0, 50));
    running.configure({ seed: 6 });
    expect(await statuses(running, 50)).not.toEqual(first.slice(0, 50));
    expect(await statuses(other, 50, 'sk-another-key-00002')).not.toEqual(first.slice(0, 50));
  });

  it.each(FAULTS.filter((fault) => fault !== 'slow' && fault !== 'timeout'))('of 1 always come: %s', async (fault) => {
    await using running = await startSimulator({ settings: { faults: { [fault]: 1 } } });
    const answers = Array.from({ length: 3 }, () => clientOf(running).chat.completions.create(ask('Fail.')));
    const results = await Promise.all(
      answers.map((answer) =>
        answer.then(
          (value) => typeof value === 'object',
          () => false,
        ),
      ),
    );
    expect(results).toEqual([false, false, false]);
  });
});

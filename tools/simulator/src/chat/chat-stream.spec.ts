import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, clientOf, collect, KEY, post, textOfChunks, until } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

describe('a streamed chat completion', () => {
  it('says the same as one that does not stream, a token a chunk', async () => {
    const whole = await client.chat.completions.create(ask('Stream this.'));
    const chunks = await collect(await client.chat.completions.create({ ...ask('Stream this.'), stream: true }));
    expect(textOfChunks(chunks)).toBe(whole.choices[0]?.message.content);
    expect(chunks).toHaveLength((whole.usage?.completion_tokens ?? 0) + 2);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
  });

  it('brings usage in one more chunk where it is asked for, and null before', async () => {
    const whole = await client.chat.completions.create(ask('Stream this.', 'o3'));
    const chunks = await collect(
      await client.chat.completions.create({
        ...ask('Stream this.', 'o3'),
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    const last = chunks.at(-1);
    expect(last?.choices).toEqual([]);
    expect(last?.usage).toEqual(whole.usage);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  it('is a stream of events that [DONE] ends', async () => {
    const response = await post(
      simulator,
      '/v1/chat/completions',
      JSON.stringify({ ...ask('Stream this.'), stream: true }),
    );
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = (await response.text()).split('\n\n');
    expect(events.slice(-2)).toEqual(['data: [DONE]', '']);
    expect(events.slice(0, -1).every((event) => event.startsWith('data: '))).toBe(true);
  });

  it('streams every choice of n, with log probabilities', async () => {
    const request = { ...ask('Stream this.'), n: 2, logprobs: true };
    const whole = await client.chat.completions.create(request);
    const chunks = await collect(await client.chat.completions.create({ ...request, stream: true }));
    for (const { index, message } of whole.choices) {
      expect(textOfChunks(chunks, index)).toBe(message.content);
      const tokens = chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index);
      expect(
        tokens
          .flatMap((choice) => choice.logprobs?.content ?? [])
          .map((item) => item.token)
          .join(''),
      ).toBe(message.content);
      expect(tokens.at(-1)?.finish_reason).toBe('stop');
    }
  });

  it('is cut by max_tokens', async () => {
    const chunks = await collect(
      await client.chat.completions.create({ ...ask('Stream this.'), stream: true, max_tokens: 5 }),
    );
    expect(chunks).toHaveLength(7);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
  });

  it('is generated at the configured speed, reasoning included', async () => {
    await using paced = await startSimulator({
      settings: {
        tokensPerSecond: 200,
        latencyMs: 50,
        answerTokens: { min: 40, max: 40 },
        reasoningTokens: { min: 20, max: 20 },
      },
    });
    const arrivals: number[] = [];
    const begin = performance.now();
    for await (const chunk of await clientOf(paced).chat.completions.create({
      ...ask('Slowly.', 'o3'),
      stream: true,
    })) {
      if (chunk.choices[0]?.delta.content) arrivals.push(performance.now() - begin);
    }
    expect(arrivals).toHaveLength(40);
    expect(arrivals[0]).toBeGreaterThan(145); // 50 ms latency, 20 hidden tokens and one seen at 5 ms each: 155 ms
    expect(arrivals.at(-1)).toBeGreaterThan(340); // and 39 more: 350 ms
    expect(arrivals.at(-1)).toBeLessThan(1500);
  });

  it('gives way to a client that reads slowly, and arrives whole', async () => {
    await using large = await startSimulator({ settings: { answerTokens: { min: 100_000, max: 100_000 } } });
    const response = await post(large, '/v1/chat/completions', JSON.stringify({ ...ask('Much.'), stream: true }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(large.bill().total.calls).toBe(0); // not generated to its end: nobody has read it
    const events = (await response.text()).split('\n\n');
    expect(events).toHaveLength(100_000 + 4);
    expect(large.bill().total.tokens.output).toBe(100_000);
  });
});

describe('a client that leaves', () => {
  const settings = { tokensPerSecond: 100, answerTokens: { min: 100, max: 100 } };

  async function leaveAfter(chunksRead: number, running: Simulator): Promise<void> {
    const stream = await clientOf(running).chat.completions.create({ ...ask('Leaving.'), stream: true });
    let read = 0;
    for await (const chunk of stream) {
      read += chunk.choices.length;
      if (read >= chunksRead) break;
    }
  }

  it('stops the stream and pays for what was generated until then', async () => {
    await using running = await startSimulator({ settings });
    await leaveAfter(11, running);
    await until(() => running.bill().total.calls === 1);
    const { tokens, chargedPicoDollars } = running.bill().total;
    expect(tokens.output).toBeGreaterThanOrEqual(10);
    expect(tokens.output).toBeLessThan(60);
    expect(tokens.input).toBe(9);
    expect(chargedPicoDollars).toBe(String(9 * 400_000 + tokens.output * 1_600_000));
  });

  it('pays for everything where the simulator is told to finish', async () => {
    await using running = await startSimulator({
      settings: { ...settings, tokensPerSecond: 500, onDisconnect: 'finish' },
    });
    await leaveAfter(3, running);
    await until(() => running.bill().total.calls === 1);
    expect(running.bill().total.tokens.output).toBe(100);
  });

  it('pays for the prompt alone where it left before the first token', async () => {
    await using running = await startSimulator({ settings: { latencyMs: 60_000 } });
    const departure = new AbortController();
    const body = JSON.stringify({ ...ask('Leaving.'), stream: true });
    const answer = fetch(`${running.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body,
      signal: departure.signal,
    });
    await until(() => running.requests(1).length === 1);
    departure.abort();
    await expect(answer).rejects.toThrow();
    await until(() => running.bill().total.calls === 1);
    expect(running.bill().total.tokens).toEqual({ input: 9, cachedInput: 0, output: 0, reasoning: 0 });
  });

  it('pays for the whole answer where it does not stream', async () => {
    await using running = await startSimulator({ settings: { latencyMs: 200, answerTokens: { min: 30, max: 30 } } });
    const departure = new AbortController();
    const answer = clientOf(running).chat.completions.create(ask('Leaving.'), { signal: departure.signal });
    await until(() => running.requests(1).length === 1);
    departure.abort();
    await expect(answer).rejects.toThrow();
    await until(() => running.bill().total.calls === 1);
    expect(running.bill().total.tokens.output).toBe(30);
  });
});

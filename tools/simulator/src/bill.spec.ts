import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, clientOf, collect, KEY, post } from '../test/support.js';
import { keyLabel, startSimulator, type BillReport } from './index.js';

const SECOND_KEY = 'sk-simulator-spec-key-0002';
const BOOK = [{ prompt: 'Hello', answers: { 'gpt-4.1': 'Hello world', 'recorded-model': 'Hello world' } }];

/** OpenAI's prices in dollars per million tokens, which are pico-dollars per token times a million. */
const DOLLARS_PER_MILLION: Record<string, { input: number; cached: number; output: number }> = {
  'gpt-4.1': { input: 2, cached: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cached: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cached: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  'gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  o3: { input: 2, cached: 0.5, output: 8 },
  'o4-mini': { input: 1.1, cached: 0.275, output: 4.4 },
  'o3-mini': { input: 1.1, cached: 0.55, output: 4.4 },
};

describe('the bill', () => {
  it('charges what a hand calculation gives', async () => {
    await using simulator = await startSimulator({ answerBook: BOOK });
    const client = clientOf(simulator);
    // Prompt: 3 for the answer, 3 for the message, `user` 1, `Hello` 1. Answer: `Hello`, ` world`.
    await client.chat.completions.create(ask('Hello', 'gpt-4.1'));
    // 8 × $2 + 2 × $8 per million = 32 millionths of a dollar.
    expect(simulator.bill().total).toEqual({
      calls: 1,
      tokens: { input: 8, cachedInput: 0, output: 2, reasoning: 0 },
      chargedPicoDollars: '32000000',
    });
    simulator.configure({ cachedTokens: { share: 0.5, minimum: 0, step: 1 } });
    await collect(await client.chat.completions.create({ ...ask('Hello', 'gpt-4.1'), stream: true }));
    // 4 × $2 + 4 × $0.50 + 2 × $8 per million = 26 millionths more.
    expect(simulator.bill().total).toMatchObject({
      tokens: { input: 12, cachedInput: 4, output: 4 },
      chargedPicoDollars: '58000000',
    });
    await clientOf(simulator, SECOND_KEY).embeddings.create({ model: 'text-embedding-3-large', input: 'Hello world' });
    // 2 × $0.13 per million = 0.26 millionths more.
    const { lines, total } = simulator.bill();
    expect(total).toMatchObject({ calls: 3, chargedPicoDollars: '58260000' });
    expect(lines.map(({ key, model, calls, chargedPicoDollars }) => [key, model, calls, chargedPicoDollars])).toEqual([
      [keyLabel(KEY), 'gpt-4.1', 2, '58000000'],
      [keyLabel(SECOND_KEY), 'text-embedding-3-large', 1, '260000'],
    ]);
  });

  it.each(Object.keys(DOLLARS_PER_MILLION))('charges %s by the usage it reported', async (model) => {
    await using simulator = await startSimulator({ settings: { cachedTokens: { share: 0.3, minimum: 0, step: 1 } } });
    const price = DOLLARS_PER_MILLION[model] ?? { input: 0, cached: 0, output: 0 };
    let expected = 0;
    for (const prompt of ['One.', 'Two, and a little more.', 'Три.']) {
      const { usage } = await clientOf(simulator).chat.completions.create({ ...ask(prompt, model), n: 2 });
      const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
      expect(cached).toBeGreaterThan(0);
      const fresh = (usage?.prompt_tokens ?? 0) - cached;
      // Whole numbers far below 2⁵³: floating point is exact here.
      expected +=
        (fresh * price.input + cached * price.cached + (usage?.completion_tokens ?? 0) * price.output) * 1_000_000;
    }
    expect(simulator.bill().total.chargedPicoDollars).toBe(String(Math.round(expected)));
  });

  it.each([
    ['text-embedding-3-small', 20_000],
    ['text-embedding-3-large', 130_000],
    ['text-embedding-ada-002', 100_000],
  ])('charges %s %i pico-dollars a token', async (model, price) => {
    await using simulator = await startSimulator();
    const { usage } = await clientOf(simulator).embeddings.create({ model, input: ['one text', 'and another'] });
    expect(simulator.bill().total.chargedPicoDollars).toBe(String(usage.prompt_tokens * price));
  });

  it('charges other models by configured prices, else as gpt-4.1', async () => {
    await using simulator = await startSimulator({ answerBook: BOOK });
    await clientOf(simulator).chat.completions.create(ask('Hello', 'recorded-model'));
    expect(simulator.bill().total.chargedPicoDollars).toBe('32000000');
    simulator.configure({ prices: { 'recorded-model': { input: '3', cachedInput: '1', output: '50' } } });
    await clientOf(simulator).chat.completions.create(ask('Hello', 'recorded-model'));
    expect(simulator.bill().total.chargedPicoDollars).toBe(String(32_000_000 + 8 * 3 + 2 * 50));
  });

  it('is read and cleared over HTTP, without a key and without showing one', async () => {
    await using simulator = await startSimulator({ answerBook: BOOK });
    await clientOf(simulator).chat.completions.create(ask('Hello', 'gpt-4.1'));
    const text = await (await fetch(`${simulator.url}/simulator/bill`)).text();
    expect(text).not.toContain(KEY);
    expect((JSON.parse(text) as BillReport).lines[0]?.key).toBe(
      `...0001-${createHash('sha256').update(KEY).digest('hex').slice(0, 8)}`,
    );
    const cleared = await fetch(`${simulator.url}/simulator/bill`, { method: 'DELETE' });
    expect(await cleared.text()).toBe(text);
    expect(await (await fetch(`${simulator.url}/simulator/bill`)).json()).toEqual({
      lines: [],
      total: { calls: 0, tokens: { input: 0, cachedInput: 0, output: 0, reasoning: 0 }, chargedPicoDollars: '0' },
    });
  });
});

describe('received requests', () => {
  it('are shown as they came, with secrets masked and what they cost', async () => {
    await using simulator = await startSimulator({ answerBook: BOOK });
    const body =
      '{"model":"gpt-4.1", "messages":[{"role":"user","content":"Hello"}], "temperature":1.0, "x":{"ключ":[null]}}';
    await post(simulator, '/v1/chat/completions', body, { 'x-api-key': 'very-secret', 'x-trace': 'abc' });
    await post(simulator, '/v1/chat/completions', '{"broken');
    const response = await fetch(`${simulator.url}/simulator/requests?last=2`);
    const text = await response.text();
    expect(text).not.toContain(KEY);
    expect(text).not.toContain('very-secret');
    expect(text).toContain(body);
    const [first, second] = simulator.requests(2);
    expect(first).toMatchObject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: `Bearer ${keyLabel(KEY)}`, 'x-api-key': '[masked]', 'x-trace': 'abc' },
      bytes: Buffer.byteLength(body),
      sha256: createHash('sha256').update(body).digest('hex'),
      body: JSON.parse(body) as object,
      charge: { model: 'gpt-4.1', chargedPicoDollars: expect.stringMatching(/^\d+$/) as string },
    });
    expect(second).toMatchObject({ body: null, bytes: 8, charge: null });
  });

  it('are at most as many as asked for, and the last ones', async () => {
    await using simulator = await startSimulator();
    for (let index = 0; index < 5; index += 1)
      await clientOf(simulator).chat.completions.create(ask(`Number ${index}`));
    expect(
      simulator
        .requests(2)
        .map((request) => (request.body as { messages: { content: string }[] }).messages[0]?.content),
    ).toEqual(['Number 3', 'Number 4']);
    for (const last of ['0', 'x', '5000']) {
      expect((await fetch(`${simulator.url}/simulator/requests?last=${last}`)).status).toBe(400);
    }
  });
});

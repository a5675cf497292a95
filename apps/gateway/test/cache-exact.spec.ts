import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './graphql-gateway.js';
import { RealGateway } from './real-gateway.js';

const PLUGINS = { plugins: ['@parsimony/request-policy', '@parsimony/semantic-cache'] };

/** What means the same is not asked here, so that every hit is one of equal calls. */
const DOCUMENT = { plugins: [{ use: 'semantic-cache', config: { semantic: false, volatileTools: ['get_time'] } }] };

let real: RealGateway;
let asked = 0;

beforeAll(async () => {
  real = await RealGateway.start(PLUGINS, DOCUMENT);
});

afterAll(() => real[Symbol.asyncDispose]());

beforeEach(() => real.simulator.configure({ latencyMs: 0, tokensPerSecond: 0, answerTokens: { min: 20, max: 20 } }));

/** A chat body that nobody has sent before. */
function aBody(members: object = {}): string {
  const messages = [{ role: 'user', content: `Вопрос номер ${++asked}` }];
  return JSON.stringify({ model: 'openai/gpt-4.1-mini', messages, ...members });
}

interface Answered {
  readonly cache: string | null;
  readonly text: string;
  readonly id: string | null;
}

async function ask(
  body: string,
  path = '/v1/chat/completions',
  headers: Record<string, string> = {},
  url = real.url,
): Promise<Answered> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  expect([response.status, text.slice(0, 200)]).toEqual([200, expect.anything()]);
  return { cache: response.headers.get('x-parsimony-cache'), text, id: response.headers.get('x-parsimony-request-id') };
}

/** The events of a stream, without the comments in which the gateway says what the call has cost. */
const events = (stream: string): string => stream.replaceAll(/^:.*\n+/gm, '');

async function written(text: string): Promise<number> {
  const rows = await real.database.dataSource.query<unknown[]>(
    'SELECT 1 FROM plugin_semantic_cache.entry WHERE position($1::bytea IN answer) > 0',
    [Buffer.from(text)],
  );
  return rows.length;
}

describe('an equal call', () => {
  it.each<[string, string, object]>([
    ['a chat', '/v1/chat/completions', {}],
    ['a chat that streams', '/v1/chat/completions', { stream: true, stream_options: { include_usage: true } }],
    ['a response', '/v1/responses', { messages: undefined, input: 'Назови простое число.' }],
    ['a response that streams', '/v1/responses', { messages: undefined, input: 'Назови простое число.', stream: true }],
    ['a message', '/v1/messages', { model: 'anthropic/claude-sonnet-4-5', max_tokens: 64 }],
    ['a message that streams', '/v1/messages', { model: 'anthropic/claude-sonnet-4-5', max_tokens: 64, stream: true }],
    [
      'an embedding',
      '/v1/embeddings',
      { model: 'openai/text-embedding-3-small', messages: undefined, input: 'Простое число' },
    ],
  ])('gets the bytes of the first one: %s', async (_, path, members) => {
    const body = aBody(members);
    const first = await ask(body, path);
    const billed = real.billed();
    const second = await ask(body, path);
    expect([first.cache, second.cache]).toEqual(['miss', 'exact']);
    expect(events(second.text)).toBe(events(first.text));
    expect(real.billed()).toBe(billed);
  });

  it('is booked at no cost, with what it would have cost and why it did not', async () => {
    const body = aBody();
    const [first, second] = [await ask(body), await ask(body)];
    await real.settled();
    const [asking] = await real.rows<{ cost: string }>(`call_id = '${first.id}' AND closes`);
    const [hit] = await real.rows<Record<string, unknown>>(`call_id = '${second.id}' AND closes`);
    expect(hit).toMatchObject({ cache: 'exact', cost: '0.000000000000', saved: asking?.cost });
    expect(hit?.['decisions']).toContainEqual(
      expect.objectContaining({
        plugin: 'semantic-cache',
        detail: expect.objectContaining({ cause: 'exact', saved: asking?.cost }),
      }),
    );
    expect((await real.ledger()).cost).toBe(real.billed());
  });

  it.each<[string, object, Record<string, string>]>([
    ['no-store', {}, { 'x-parsimony-cache': 'no-store' }],
    ['refresh', {}, { 'x-parsimony-cache': 'refresh' }],
    ['a high temperature', { temperature: 1.5 }, {}],
    [
      'the result of a volatile tool',
      {
        messages: [
          { role: 'user', content: 'Который час?' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
        ],
      },
      {},
    ],
  ])('is asked again with %s', async (_, members, headers) => {
    const body = aBody(members);
    for (let round = 0; round < 2; round += 1) expect((await ask(body, undefined, headers)).cache).toBe('miss');
  });

  it('is answered at another gateway', async () => {
    const other = await real.startAnother();
    const askThere = (body: string): Promise<Answered> => ask(body, undefined, {}, other.url);
    try {
      await until(async () => {
        const body = aBody();
        const first = await ask(body);
        await until(async () => (await written(first.text)) === 1, 'the answer stands in PostgreSQL');
        // While the connections of a gateway are new, look-ups may take longer than callers are made to wait for them.
        const second = await askThere(body);
        return second.cache === 'exact' && second.text === first.text;
      }, 'the other gateway answers from PostgreSQL');
    } finally {
      await other.stop(1_000);
    }
  });

  it('is answered from memory while the database is away, and others go on', async () => {
    const [known, unknown] = [aBody(), aBody()];
    await ask(known);
    await real.database.stopServer();
    try {
      expect((await ask(known)).cache).toBe('exact');
      const began = performance.now();
      expect((await ask(unknown)).cache).toBe('miss');
      expect(performance.now() - began).toBeLessThan(1_000);
      expect((await ask(unknown)).cache).toBe('exact');
    } finally {
      await real.database.startServer();
    }
  });
});

describe('equal calls under way', () => {
  it('share one provider call: 1,000 at once', async () => {
    const body = aBody();
    await ask(aBody());
    await real.settled();
    real.simulator.configure({ latencyMs: 1_500 });
    const [calls, { calls: before }] = [real.simulator.bill().total.calls, await real.ledger()];
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(body)));
    expect(real.simulator.bill().total.calls).toBe(calls + 1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ cache }) => cache === 'miss').length).toBe(1);
    await real.settled();
    const ledger = await real.ledger();
    expect([ledger.calls - before, ledger.cost]).toEqual([1_000, real.billed()]);
  });

  it('get the stream whole and live when the one who began it leaves, and it is paid for once', async () => {
    real.simulator.configure({ tokensPerSecond: 100, answerTokens: { min: 60, max: 60 } });
    const body = aBody({ stream: true });
    const leaver = new AbortController();
    const first = await fetch(`${real.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' },
      body,
      signal: leaver.signal,
    });
    const reader = first.body?.getReader();
    await reader?.read();
    const second = await real.post('/v1/chat/completions', body);
    expect(second.headers.get('x-parsimony-cache')).toBe('exact');
    leaver.abort();
    const whole = await second.text();
    expect(whole).toContain('"finish_reason":"stop"');
    expect(events((await ask(body)).text)).toBe(events(whole));
    await real.settled();
    expect((await real.ledger()).cost).toBe(real.billed());
    const rows = await real.rows<{ decisions: { detail: { cause?: string } }[] }>(
      `call_id = '${second.headers.get('x-parsimony-request-id')}' AND closes`,
    );
    expect(rows.flatMap(({ decisions }) => decisions.map(({ detail }) => detail.cause))).toEqual(['shared']);
  });

  it('are given up when all have left', async () => {
    real.simulator.configure({ tokensPerSecond: 200, answerTokens: { min: 200, max: 200 } });
    const body = aBody({ stream: true });
    const leavers = [new AbortController(), new AbortController()];
    for (const { signal } of leavers) {
      const response = await fetch(`${real.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' },
        body,
        signal,
      });
      await response.body?.getReader().read();
    }
    for (const leaver of leavers) leaver.abort();
    await real.settled();
    expect(real.gateway.core.runner.callsUnderWay).toBe(0);
    real.simulator.configure({ tokensPerSecond: 0, answerTokens: { min: 20, max: 20 } });
    expect((await ask(body)).cache).toBe('miss');
  });
});

import { fileURLToPath } from 'node:url';
import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './graphql-gateway.js';
import { RealGateway } from './real-gateway.js';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly error?: { readonly message: string; readonly code: string; readonly param: string | null };
  };
}

interface Sent {
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the body, as it is. */
  readonly raw?: string;
  readonly signal?: AbortSignal;
}

let real: RealGateway;

beforeAll(async () => {
  real = await RealGateway.start(
    { plugins: ['./keeping-plugin'], pluginsFrom: fileURLToPath(new URL('fixtures', import.meta.url)) },
    { plugins: [{ use: 'keeping' }] },
  );
});

afterAll(() => real[Symbol.asyncDispose]());

async function ask(method: string, path: string, body?: object, sent: Sent = {}): Promise<Answer> {
  const { secret = real.secret, headers = {}, raw, signal } = sent;
  const answer = await fetch(`${real.url}/v1/cache/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body || raw !== undefined ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body || raw !== undefined ? { body: raw ?? JSON.stringify(body) } : {}),
    ...(signal && { signal }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

const lookUp = (namespace: string, input: string, sent?: Sent) => ask('POST', `${namespace}/lookup`, { input }, sent);
const keep = (namespace: string, result: object, sent?: Sent) => ask('PUT', namespace, result, sent);

async function rowsOf(answer: Answer): Promise<readonly Record<string, unknown>[]> {
  await real.settled();
  const id = String(answer.headers.get('x-parsimony-request-id'));
  return real.rows(`call_id = '${id}'`);
}

describe('a result', () => {
  test('is missed, kept, and found again, in Russian as well', async () => {
    const question = 'Сколько дней на возврат товара?';
    const missed = await lookUp('faq', question);
    expect(missed).toMatchObject({
      status: 200,
      body: {
        hit: false,
        outcome: 'miss',
        value: null,
        similarity: null,
        ticket: 'a-ticket',
        saved_usd: formatUsd(0n),
      },
    });
    const value = { answer: 'Четырнадцать.', sources: [1, 2.5, null] };
    const kept = await keep('faq', {
      ...{ input: question, value, ticket: 'a-ticket', ttl_seconds: 60, cost_usd: '0.000000000123' },
    });
    expect(kept).toMatchObject({ status: 201, body: { id: 'entry-1' } });
    expect(await lookUp('faq', question)).toMatchObject({
      body: { hit: true, outcome: 'exact', value, similarity: 1, ticket: null, saved_usd: formatUsd(123n) },
    });
    expect(await lookUp('faq', question.toUpperCase())).toMatchObject({
      body: { hit: true, outcome: 'semantic', value, similarity: 0.97 },
    });
    expect(await lookUp('other', question)).toMatchObject({ body: { hit: false } });
  });

  test('bears the headers of a call, and is booked with what it saved', async () => {
    await keep('booked', { input: 'q', value: 1, cost_usd: '0.5' });
    const found = await lookUp('booked', 'q', { headers: { 'x-parsimony-tags': 'feature=search' } });
    expect(Object.fromEntries(found.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-parsimony-cache': 'exact',
      'x-parsimony-saved-usd': '0.500000000000',
      'x-parsimony-cost-usd': '0.000000000000',
      'x-request-id': found.headers.get('x-parsimony-request-id'),
    });
    const detail = { cause: 'intermediate', namespace: 'booked', similarity: 1, saved: '0.500000000000' };
    expect(await rowsOf(found)).toMatchObject([
      {
        ...{ operation: 'cache', requested_model: 'cache', closes: true, status: 'ok', cache: 'exact' },
        ...{ saved: '0.500000000000', cost: '0.000000000000', tags: { feature: 'search' }, purpose: null },
        decisions: [{ plugin: 'keeping', detail }],
      },
    ]);
  });

  test('costs what its embedder costs, to the pico-dollar of the bill, on both ways', async () => {
    const before = real.billed();
    const missed = await lookUp('paid', 'embed this question, please');
    const billed = real.billed() - before;
    expect(billed).toBeGreaterThan(0n);
    expect(missed.headers.get('x-parsimony-cost-usd')).toBe(formatUsd(billed));
    const rows = await rowsOf(missed);
    expect(rows).toMatchObject([
      { purpose: 'embedding', closes: false },
      { purpose: null, closes: true, cache: 'miss' },
    ]);
    expect(rows[0]).toMatchObject({ cost: formatUsd(billed) });
    const kept = await keep('paid', { input: 'embed this question, please', value: 'x' });
    expect(kept.headers.get('x-parsimony-cost-usd')).toBe(formatUsd(real.billed() - before - billed));
  });

  test('is asked afresh where the caller wishes so', async () => {
    await keep('fresh', { input: 'q', value: 1 });
    expect(await lookUp('fresh', 'q', { headers: { 'x-parsimony-cache': 'refresh' } })).toMatchObject({
      body: { hit: false },
    });
    expect(await lookUp('fresh', 'q', { headers: { 'x-parsimony-cache': 'perhaps' } })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', param: 'x-parsimony-cache' } },
    });
  });

  test('may be null', async () => {
    expect(await keep('nothing', { input: 'who knows?', value: null })).toMatchObject({ status: 201 });
    expect(await lookUp('nothing', 'who knows?')).toMatchObject({ body: { hit: true, value: null } });
  });
});

describe('a purge', () => {
  test('forgets one namespace, and leaves an event that says who', async () => {
    for (const input of ['a', 'b']) await keep('old-prices', { input, value: 1 });
    await keep('new-prices', { input: 'a', value: 2 });
    expect(await ask('DELETE', 'old-prices')).toMatchObject({ status: 200, body: { purged: 2 } });
    expect(await lookUp('old-prices', 'a')).toMatchObject({ body: { hit: false } });
    expect(await lookUp('new-prices', 'a')).toMatchObject({ body: { hit: true } });
    const events = await real.database.dataSource.query<unknown[]>(
      `SELECT actor_kind, actor_role, address, target_kind, target_id, tenant_id FROM audit_event WHERE action = 'cache.purge'`,
    );
    expect(events).toEqual([
      {
        ...{ actor_kind: 'key', actor_role: 'OWNER', target_kind: 'cache', target_id: 'old-prices' },
        ...{ tenant_id: real.tenantId, address: expect.stringMatching(/127\.0\.0\.1/) as string },
      },
    ]);
  });

  test('is for those who administer the tenant', async () => {
    await keep('safe', { input: 'a', value: 1 });
    const member = await real.createKey({ name: 'member', role: 'MEMBER' });
    const refused = await ask('DELETE', 'safe', undefined, { secret: member.secret });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'permission_denied' } } });
    expect(await lookUp('safe', 'a', { secret: member.secret })).toMatchObject({ body: { hit: true } });
    const admin = await real.createKey({ name: 'admin', role: 'ADMIN' });
    expect(await ask('DELETE', 'safe', undefined, { secret: admin.secret })).toMatchObject({ body: { purged: 1 } });
  });
});

describe('what is refused', () => {
  const result = { input: 'q', value: 1 };
  test.each<[string, () => Promise<Answer>, number, string, string | null]>([
    ['no key', () => lookUp('faq', 'q', { secret: 'wrong' }), 401, 'invalid_api_key', null],
    ['a namespace of capitals', () => lookUp('FAQ', 'q'), 400, 'invalid_request', 'namespace'],
    ['a namespace in Russian', () => keep('вопросы', result), 400, 'invalid_request', 'namespace'],
    ['a namespace that is too long', () => ask('DELETE', 'n'.repeat(65)), 400, 'invalid_request', 'namespace'],
    ['an empty question', () => lookUp('faq', '  '), 400, 'invalid_request', 'input'],
    ['a question that is a book', () => lookUp('faq', 'ы'.repeat(32_769)), 400, 'invalid_request', 'input'],
    ['a question that is no text', () => ask('POST', 'faq/lookup', { input: 7 }), 400, 'invalid_request', 'input'],
    ['a NUL', () => lookUp('faq', 'a\0b'), 400, 'invalid_request', 'input'],
    ['half a character', () => lookUp('faq', 'a\ud83d'), 400, 'invalid_request', 'input'],
    ['what is no JSON', () => ask('POST', 'faq/lookup', undefined, { raw: '{' }), 400, 'invalid_json', null],
    ['what is no object', () => ask('POST', 'faq/lookup', []), 400, 'invalid_request', null],
    ['a field of another name', () => keep('faq', { ...result, ttl: 5 }), 400, 'invalid_request', 'ttl'],
    ['no value', () => keep('faq', { input: 'q' }), 400, 'invalid_request', 'value'],
    [
      'a value of a thousand levels',
      () => keep('faq', { input: 'q', value: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) }),
      ...([400, 'invalid_request', 'value'] as const),
    ],
    ['half a second', () => keep('faq', { ...result, ttl_seconds: 0.5 }), 400, 'invalid_request', 'ttl_seconds'],
    ['ten years', () => keep('faq', { ...result, ttl_seconds: 315_360_000 }), 400, 'invalid_request', 'ttl_seconds'],
    ['a float of money', () => keep('faq', { ...result, cost_usd: 0.1 }), 400, 'invalid_request', 'cost_usd'],
    ['a debt', () => keep('faq', { ...result, cost_usd: '-1' }), 400, 'invalid_request', 'cost_usd'],
    ['a fortune', () => keep('faq', { ...result, cost_usd: '1000000.01' }), 400, 'invalid_request', 'cost_usd'],
    ['a ticket of no words', () => keep('faq', { ...result, ticket: '' }), 400, 'invalid_request', 'ticket'],
    ['another method', () => ask('GET', 'faq'), 404, 'route_not_found', null],
    ['an embedder that is away', () => lookUp('faq', 'away'), 503, 'vectors_unavailable', null],
    ['a plugin that breaks', () => lookUp('faq', 'break'), 500, 'internal_error', null],
  ])('%s', async (_what, asked, status, code, param) => {
    const answer = await asked();
    expect(answer).toMatchObject({ status, body: { error: { code, param } } });
    expect(answer.headers.get('x-parsimony-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('stands in the ledger where it was begun, by the id that the caller sees', async () => {
    const away = await lookUp('faq', 'away');
    expect(await rowsOf(away)).toMatchObject([
      {
        operation: 'cache',
        closes: true,
        status: 'failed',
        error_code: 'vectors_unavailable',
        saved: '0.000000000000',
      },
    ]);
  });

  test('does not say what broke inside', async () => {
    const { body } = await keep('faq', { input: 'break', value: 1 });
    expect(body.error?.message).not.toContain('as asked');
  });
});

test('a tenant without a cache is told so, and may still have what it kept once forgotten', async () => {
  const other = await RealGateway.start({
    ...{ plugins: ['./keeping-plugin'], pluginsFrom: fileURLToPath(new URL('fixtures', import.meta.url)) },
  });
  try {
    const headers = { authorization: `Bearer ${other.secret}` };
    const asked = await other.post('/v1/cache/faq/lookup', JSON.stringify({ input: 'q' }));
    expect(asked.status).toBe(404);
    expect(await asked.json()).toMatchObject({ error: { code: 'cache_not_enabled' } });
    const purged = await fetch(`${other.url}/v1/cache/faq`, { method: 'DELETE', headers });
    expect(await purged.json()).toEqual({ purged: 0 });
  } finally {
    await other[Symbol.asyncDispose]();
  }
});

test('a key that is limited to models has the look-up embed with no other', async () => {
  const limited = await real.createKey({ name: 'limited', role: 'MEMBER', allowedModels: ['openai/gpt-4.1-mini'] });
  expect(await lookUp('limited', 'embed this', { secret: limited.secret })).toMatchObject({
    status: 403,
    body: { error: { code: 'permission_denied' } },
  });
});

test('a caller who leaves has the look-up given up', async () => {
  const gone = new AbortController();
  const asked = lookUp('faq', 'wait', { signal: gone.signal }).catch((error: unknown) => error);
  const cancelled = () => real.rows<{ status: string }>(`operation = 'cache' AND error_code = 'call_cancelled'`);
  await until(() => real.gateway.core.pluginFaults.get('keeping')?.has('callers') === true, 'the look-up waits');
  gone.abort();
  await asked;
  await until(async () => {
    await real.gateway.core.flusher.flush();
    return (await cancelled()).length === 1;
  }, 'the look-up is closed as cancelled');
  expect(await cancelled()).toMatchObject([{ status: 'cancelled' }]);
});

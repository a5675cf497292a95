import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway, until, type GraphqlAnswer } from '../../../test/graphql-gateway.js';

const LOOK_UP = `mutation ($input: CacheLookUpInput!) {
  cacheLookUp(input: $input) { id hit outcome value similarity ticket saved cost } }`;
const KEEP = 'mutation ($input: CacheKeepInput!) { cacheKeep(input: $input) { id cost } }';
const PURGE = `mutation ($tenantId: ID!, $olderThan: DateTime, $promptContains: String, $namespace: String) {
  purgeCache(tenantId: $tenantId, olderThan: $olderThan, promptContains: $promptContains, namespace: $namespace) {
    purged caches { plugin purged } } }`;
const DOCUMENT = { plugins: [{ use: 'keeping' }] };

let gateway: GraphqlGateway;
let tenantId: string;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start({ plugins: ['./fragile-plugin', './keeping-plugin'] });
  tenantId = (await gateway.createTenant('acme', DOCUMENT)).id;
  key = (await gateway.createKey(tenantId, 'OWNER')).secret;
});

afterAll(() => gateway[Symbol.asyncDispose]());

const lookUp = (input: object) => gateway.ask<{ cacheLookUp: Record<string, unknown> }>(key, LOOK_UP, { input });
const keep = (input: object) => gateway.ask<{ cacheKeep: Record<string, unknown> }>(key, KEEP, { input });
const purge = (wish: object, secret = key) =>
  gateway.ask<{ purgeCache: { purged: number; caches: readonly object[] } }>(secret, PURGE, { tenantId, ...wish });

const codeAndParam = ({ errors }: GraphqlAnswer<unknown>) => [
  errors[0]?.extensions.code,
  errors[0]?.extensions.param ?? null,
];

describe('results by name', () => {
  test('are missed, kept and found, with what they saved, booked to a record of their own', async () => {
    const question = { namespace: 'faq', input: 'Где мой заказ?' };
    const missed = await lookUp(question);
    expect(missed.data.cacheLookUp).toMatchObject({ hit: false, outcome: 'MISS', value: null, ticket: 'a-ticket' });
    const kept = await keep({
      ...question,
      value: { город: 'Пермь' },
      ttlSeconds: 60,
      cost: '0.25',
      ticket: 'a-ticket',
    });
    expect(kept.errors).toEqual([]);
    const found = await lookUp({ ...question, tags: [{ key: 'feature', value: 'поиск' }] });
    const { id, ...shown } = found.data.cacheLookUp;
    expect(shown).toEqual({
      ...{ hit: true, outcome: 'EXACT', value: { город: 'Пермь' }, similarity: 1, ticket: null },
      ...{ saved: '0.250000000000', cost: formatUsd(0n) },
    });
    await gateway.core.flusher.flush();
    const record = await gateway.ask(
      key,
      'query ($id: ID!) { call(id: $id) { operation status cache saved model rungs { model } decisions { plugin detail } } }',
      { id },
    );
    const detail = { cause: 'intermediate', namespace: 'faq', similarity: 1, saved: '0.250000000000' };
    expect(record.data).toEqual({
      call: {
        ...{ operation: 'cache', status: 'ok', cache: 'EXACT', saved: '0.250000000000', model: null, rungs: [] },
        decisions: [{ plugin: 'keeping', detail }],
      },
    });
  });

  test('count as savings by their cause, and not as calls', async () => {
    const { id, secret } = await tenantOfItsOwn('thrifty');
    const input = { namespace: 'faq', input: 'q' };
    await gateway.ask(secret, KEEP, { input: { ...input, value: 1, cost: '0.000000000007' } });
    for (const asked of ['q', 'Q', 'other']) await gateway.ask(secret, LOOK_UP, { input: { ...input, input: asked } });
    await gateway.core.flusher.flush();
    const { data } = await gateway.ask(
      secret,
      `query ($filter: UsageFilter!) {
        savings(filter: $filter) { baseline saved byCause { plugin cause saved calls } }
        usage(filter: $filter) { calls saved } }`,
      { filter: { tenantId: id, from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) } },
    );
    const saved = formatUsd(14n);
    expect(data).toEqual({
      savings: { baseline: saved, saved, byCause: [{ plugin: 'keeping', cause: 'intermediate', saved, calls: 2 }] },
      usage: [{ calls: 0, saved }],
    });
  });

  test.each<[string, () => Promise<GraphqlAnswer<unknown>>, string, string | null]>([
    ['a namespace of capitals', () => lookUp({ namespace: 'FAQ', input: 'q' }), 'invalid_request', 'namespace'],
    ['no question', () => lookUp({ namespace: 'faq', input: '' }), 'invalid_request', 'input'],
    [
      'a wish nobody knows',
      () => lookUp({ namespace: 'faq', input: 'q', cache: 'x' }),
      'invalid_request',
      'x-parsimony-cache',
    ],
    ['no value', () => keep({ namespace: 'faq', input: 'q' }), 'invalid_request', 'value'],
    ['a negative cost', () => keep({ namespace: 'faq', input: 'q', value: 1, cost: '-1' }), 'invalid_request', 'cost'],
    ['no time', () => keep({ namespace: 'faq', input: 'q', value: 1, ttlSeconds: 0 }), 'invalid_request', 'ttlSeconds'],
    ['an embedder that is away', () => lookUp({ namespace: 'faq', input: 'away' }), 'vectors_unavailable', null],
    ['a plugin that breaks', () => lookUp({ namespace: 'faq', input: 'break' }), 'internal_error', null],
  ])('refuse %s', async (_what, asked, code, param) => {
    expect(codeAndParam(await asked())).toEqual([code, param]);
  });

  test('need a cache that is on, and from an operator the tenant', async () => {
    const { id } = await gateway.createTenant('without');
    const input = { namespace: 'faq', input: 'q' };
    await until(() => gateway.core.directory.tenant(id)?.document != null, 'the tenant is served');
    const off = await gateway.ask(gateway.operator, LOOK_UP, { input: { ...input, tenantId: id } });
    expect(codeAndParam(off)).toEqual(['cache_not_enabled', null]);
    expect(codeAndParam(await gateway.ask(gateway.operator, LOOK_UP, { input }))).toEqual([
      'invalid_request',
      'tenantId',
    ]);
  });

  test('are given up when their caller leaves', async () => {
    const gone = new AbortController();
    const body = JSON.stringify({ query: LOOK_UP, variables: { input: { namespace: 'faq', input: 'wait' } } });
    const asked = gateway.post(key, body, gone.signal).catch((error: unknown) => error);
    await until(() => gateway.core.pluginFaults.get('keeping')?.has('callers') === true, 'the look-up waits');
    gone.abort();
    await asked;
    const closed = async () => {
      await gateway.core.flusher.flush();
      const rows = await gateway.core.dataSource.query<object[]>(
        `SELECT 1 FROM usage WHERE tenant_id = $1 AND operation = 'cache' AND status = 'cancelled'`,
        [tenantId],
      );
      return rows.length === 1;
    };
    await until(closed, 'the look-up is closed as cancelled');
  });
});

describe('a purge', () => {
  test('forgets what meets all that is given, and of its own tenant only', async () => {
    const here = await tenantOfItsOwn('here');
    const there = await tenantOfItsOwn('there');
    for (const { secret } of [here, there])
      for (const [namespace, input] of [
        ['faq', 'Счёт Иванова'],
        ['faq', 'доставка'],
        ['rag', 'счёт иванова за май'],
      ])
        await gateway.ask(secret, KEEP, { input: { namespace, input, value: 1 } });
    const forget = async (wish: object) => (await purge({ tenantId: here.id, ...wish }, here.secret)).data.purgeCache;
    const caches = (purged: number) => ({ purged, caches: [{ plugin: 'keeping', purged }] });
    expect(await forget({ olderThan: '2020-01-01T00:00:00Z' })).toEqual(caches(0));
    expect(await forget({ promptContains: 'ИВАНОВА', namespace: 'faq' })).toEqual(caches(1));
    expect(await forget({ promptContains: 'Иванова' })).toEqual(caches(1));
    expect(await forget({})).toEqual(caches(1));
    expect((await purge({ tenantId: there.id }, gateway.operator)).data.purgeCache).toEqual(caches(3));
  });

  test('leaves an event without the text that is to be forgotten', async () => {
    const { id, secret } = await tenantOfItsOwn('discreet');
    const wish = { tenantId: id, promptContains: 'Иванов', olderThan: '2026-01-01T00:00:00Z', namespace: 'faq' };
    expect((await purge(wish, secret)).errors).toEqual([]);
    const { data } = await gateway.ask<{ auditEvents: { nodes: readonly object[] } }>(
      secret,
      '{ auditEvents { nodes { action actorKind actorRole targetKind targetId detail } } }',
    );
    expect(data.auditEvents.nodes[0]).toEqual({
      ...{ action: 'cache.purge', actorKind: 'key', actorRole: 'OWNER', targetKind: 'cache', targetId: 'faq' },
      detail: { olderThan: '2026-01-01T00:00:00.000Z', byText: true },
    });
    expect(JSON.stringify(data)).not.toContain('Иванов');
  });

  test.each<[string, object, string, string]>([
    ['an empty text, which all contain', { promptContains: ' ' }, 'invalid_request', 'promptContains'],
    ['a namespace that is none', { namespace: '../faq' }, 'invalid_request', 'namespace'],
  ])('refuses %s', async (_what, wish, code, param) => {
    expect(codeAndParam(await purge(wish))).toEqual([code, param]);
  });

  test('needs a tenant that there is', async () => {
    const nobody = { tenantId: '00000000-0000-4000-8000-000000000000' };
    expect(codeAndParam(await purge(nobody, gateway.operator))).toEqual(['resource_not_found', 'tenantId']);
  });
});

test('quality is shown with its intervals, of caches that are on', async () => {
  const QUALITY = `query ($tenantId: ID!) { cacheQuality(tenantId: $tenantId) {
    plugin kind maxErrorRate lookups hits explorations audits falseHits
    falseHitRate { rate low high } errorRate { rate low high } entries bytes } }`;
  const { data } = await gateway.ask<{ cacheQuality: readonly object[] }>(key, QUALITY, { tenantId });
  expect(data.cacheQuality).toMatchObject([
    {
      ...{ plugin: 'keeping', kind: 'results/faq', maxErrorRate: 0.01, lookups: 1_000, hits: 400, audits: 8 },
      ...{ falseHits: 1, falseHitRate: { rate: 0.125, low: 0.02, high: 0.47 }, errorRate: null, bytes: 3_000_000_000 },
    },
  ]);
  const { id } = await gateway.createTenant('unmeasured');
  await until(() => gateway.core.directory.tenant(id) !== undefined, 'the tenant is known');
  expect((await gateway.ask(gateway.operator, QUALITY, { tenantId: id })).data).toEqual({ cacheQuality: [] });
});

test('a fault that a plugin told of makes it unhealthy until it is over', async () => {
  const health = async () => {
    const { data } = await gateway.ask<{
      plugins: readonly { name: string; healthy: boolean; reason: string | null }[];
    }>(key, '{ plugins { name healthy reason } }');
    return data.plugins.find(({ name }) => name === 'keeping');
  };
  await lookUp({ namespace: 'faq', input: 'away' });
  expect(await health()).toMatchObject({ healthy: false, reason: expect.stringContaining('vectors: nobody answers') });
  await lookUp({ namespace: 'faq', input: 'back' });
  expect((await health())?.reason ?? '').not.toContain('vectors');
});

describe('complete', () => {
  const COMPLETE = `mutation ($input: CompleteInput!) {
    complete(input: $input) { id text model cache cost saved inputTokens } }`;
  const complete = async (secret: string, content: string, wish: object = {}) => {
    const input = {
      model: 'openai/gpt-4.1-mini',
      messages: [{ role: 'user', content }],
      tags: [{ key: 'keep', value: 'yes' }],
      ...wish,
    };
    const { data, errors } = await gateway.ask<{ complete: Record<string, string | number> }>(secret, COMPLETE, {
      input,
    });
    expect(errors).toEqual([]);
    return data.complete;
  };

  test('gives a kept answer for nothing, says what it saved, and asks afresh where it shall', async () => {
    const { id, secret } = await tenantOfItsOwn('completing');
    const asked = await complete(secret, 'Сколько будет дважды два?');
    expect(asked).toMatchObject({ cache: 'MISS', saved: formatUsd(0n) });
    const hit = await complete(secret, 'Сколько будет дважды два?');
    const { text, model, inputTokens } = asked;
    expect(hit).toMatchObject({ text, model, inputTokens, cache: 'EXACT', cost: formatUsd(0n), saved: asked['cost'] });
    for (const cache of ['refresh', 'no-store'])
      expect(await complete(secret, 'Сколько будет дважды два?', { cache })).toMatchObject({ cache: 'MISS' });
    await complete(secret, 'not to be kept', { cache: 'no-store' });
    expect(await complete(secret, 'not to be kept')).toMatchObject({ cache: 'MISS' });
    await gateway.core.flusher.flush();
    const now = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) };
    const { data } = await gateway.ask<{ usage: readonly Record<string, unknown>[]; savings: Record<string, unknown> }>(
      secret,
      `query ($filter: UsageFilter!) {
        usage(filter: $filter, groupBy: [CACHE_OUTCOME, MODEL]) { key calls saved cacheHitRatio }
        savings(filter: $filter) { saved byCause { plugin cause saved calls } } }`,
      { filter: { tenantId: id, ...now } },
    );
    const saved = asked['cost'];
    expect(data.savings).toEqual({ saved, byCause: [{ plugin: 'keeping', cause: 'exact', saved, calls: 1 }] });
    expect(data.usage).toEqual([
      { key: { CACHE_OUTCOME: 'EXACT', MODEL: 'openai/gpt-4.1-mini' }, calls: 1, saved, cacheHitRatio: 1 },
      {
        key: { CACHE_OUTCOME: 'MISS', MODEL: 'openai/gpt-4.1-mini' },
        calls: 5,
        saved: formatUsd(0n),
        cacheHitRatio: 0,
      },
    ]);
    const record = await gateway.ask(
      secret,
      'query ($id: ID!) { call(id: $id) { model cache saved cost rungs { model } decisions { plugin detail } } }',
      { id: hit['id'] },
    );
    expect(record.data).toEqual({
      call: {
        ...{ model: 'openai/gpt-4.1-mini', cache: 'EXACT', saved, cost: formatUsd(0n), rungs: [] },
        decisions: [{ plugin: 'keeping', detail: { cause: 'exact', saved } }],
      },
    });
  });
});

async function tenantOfItsOwn(name: string): Promise<{ readonly id: string; readonly secret: string }> {
  const { id } = await gateway.createTenant(name, DOCUMENT);
  const { secret } = await gateway.createKey(id, 'OWNER');
  await until(() => gateway.core.directory.tenant(id)?.document != null, 'the tenant is served');
  return { id, secret };
}

import { randomUUID } from 'node:crypto';
import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { insertCall, type LedgerCallFacts } from '../../../test/ledger-calls.js';

interface Group {
  readonly key: Readonly<Record<string, string | null>>;
  readonly start: string | null;
  readonly calls: number;
  readonly cost: string;
}

const USAGE = `query ($filter: UsageFilter!, $groupBy: [UsageDimension!]! = [], $interval: Interval) {
  usage(filter: $filter, groupBy: $groupBy, interval: $interval) {
    key start calls failedCalls inputTokens cachedInputTokens outputTokens characters seconds searches
    cost saved cacheHitRatio latencyP50Ms latencyP95Ms } }`;
const RANGE = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const TEAM = randomUUID();
const KEY = randomUUID();

// Sums that a float would not hold: 0.1 + 0.2 in pico-dollars.
const CALLS: readonly Omit<LedgerCallFacts, 'tenantId'>[] = [
  {
    at: day(3, 10),
    teamId: TEAM,
    keyId: KEY,
    tier: 'economy',
    costOfRung: 100_000_000_001n,
    latencyMs: 10,
    tags: { env: 'prod', feature: 'search' },
  },
  {
    at: day(3, 11),
    model: 'large',
    tier: 'premium',
    apart: true,
    costOfRung: 200_000_000_002n,
    latencyMs: 20,
    tags: { env: 'prod' },
  },
  { at: day(4, 0), model: 'large', rungs: 2, costOfRung: 3n, saved: 7n, latencyMs: 30, status: 'failed' },
  { at: day(30, 23), rungs: 0, cache: 'exact', saved: 500n, latencyMs: 40 },
  {
    at: day(30, 23),
    status: 'cancelled',
    apart: true,
    cache: 'semantic',
    tokens: { input: 1_000_000_000, cachedInput: 2_000_000_000, output: 7 },
    costOfRung: 0n,
    latencyMs: 100,
  },
];

let gateway: GraphqlGateway;
let tenantId: string;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  key = (await gateway.createKey(tenantId, 'OWNER')).secret;
  for (const call of CALLS) await insertCall(gateway.core.dataSource, { tenantId, ...call });
  await insertCall(gateway.core.dataSource, { tenantId, at: new Date('2026-12-01T00:00:00Z') });
  await insertCall(gateway.core.dataSource, { tenantId: randomUUID(), at: day(3, 10) });
});

afterAll(() => gateway[Symbol.asyncDispose]());

function day(date: number, hour: number): Date {
  return new Date(Date.UTC(2026, 10, date, hour, 30));
}

/** Asks three times, since Mercurius compiles what it sees again. */
async function usage(variables: object, filter: object = {}): Promise<readonly Group[]> {
  const asked = { filter: { tenantId, ...RANGE, ...filter }, interval: null, ...variables };
  const answers = [];
  for (let time = 0; time < 3; time++) answers.push(await gateway.ask<{ usage: readonly Group[] }>(key, USAGE, asked));
  for (const { errors, data } of answers) {
    expect(errors).toEqual([]);
    expect(data).toEqual(answers[0]?.data);
  }
  return answers[0]?.data.usage ?? [];
}

const counts = (groups: readonly Group[], dimension: string) =>
  Object.fromEntries(groups.map(({ key: keys, calls, cost }) => [String(keys[dimension]), [calls, cost]]));

describe('sums', () => {
  test('of everything, to the pico-dollar', async () => {
    expect(await usage({})).toEqual([
      {
        key: {},
        start: null,
        calls: 5,
        failedCalls: 1,
        inputTokens: 10 + 10 + 2 * 10 + 3_000_000_000,
        cachedInputTokens: 2_000_000_000,
        outputTokens: 5 + 5 + 2 * 5 + 7,
        characters: 0,
        seconds: 0,
        searches: 0,
        cost: formatUsd(300_000_000_009n),
        saved: formatUsd(507n),
        cacheHitRatio: 2 / 5,
        latencyP50Ms: 30,
        latencyP95Ms: expect.closeTo(40 + 0.8 * 60, 6) as number,
      },
    ]);
  });

  test('of what is not counted in tokens, and of the long cache write', async () => {
    const { id } = await gateway.createTenant('sound');
    for (const hour of [1, 2]) await insertCall(gateway.core.dataSource, { tenantId: id, at: day(5, hour) });
    await gateway.core.dataSource.query(
      'UPDATE usage SET characters = 23, seconds = 62, searches = 3, cache_write_long = 8 WHERE tenant_id = $1',
      [id],
    );
    const asked = { filter: { tenantId: id, ...RANGE }, interval: null };
    const { data } = await gateway.ask<{ usage: readonly Group[] }>(gateway.operator, USAGE, asked);
    expect(data.usage).toMatchObject([
      { characters: 46, seconds: 124, searches: 6, inputTokens: 36, outputTokens: 10 },
    ]);
  });

  test('of nothing', async () => {
    const [group] = await usage({}, { from: '2025-01-01T00:00:00Z', to: '2025-01-02T00:00:00Z' });
    expect(group).toMatchObject({ calls: 0, cost: formatUsd(0n), cacheHitRatio: 0, latencyP50Ms: 0 });
    const none = await usage({ groupBy: ['MODEL'] }, { from: '2025-01-01T00:00:00Z', to: '2025-01-02T00:00:00Z' });
    expect(none).toEqual([]);
  });

  test.each<[string, object]>([
    [
      'MODEL',
      {
        'openai/small': [2, formatUsd(100_000_000_001n)],
        'openai/large': [2, formatUsd(200_000_000_008n)],
        null: [1, formatUsd(0n)],
      },
    ],
    ['PROVIDER', { openai: [4, formatUsd(300_000_000_009n)], null: [1, formatUsd(0n)] }],
    [
      'TIER',
      {
        ECONOMY: [1, formatUsd(100_000_000_001n)],
        PREMIUM: [1, formatUsd(200_000_000_002n)],
        null: [3, formatUsd(6n)],
      },
    ],
    [
      'CACHE_OUTCOME',
      { MISS: [3, formatUsd(300_000_000_009n)], EXACT: [1, formatUsd(0n)], SEMANTIC: [1, formatUsd(0n)] },
    ],
    [
      'TAG',
      {
        'env=prod': [2, formatUsd(300_000_000_003n)],
        'feature=search': [1, formatUsd(100_000_000_001n)],
        null: [3, formatUsd(6n)],
      },
    ],
    ['TEAM', { [TEAM]: [1, formatUsd(100_000_000_001n)], null: [4, formatUsd(200_000_000_008n)] }],
  ])('by %s', async (dimension, expected) => {
    expect(counts(await usage({ groupBy: [dimension] }), dimension)).toEqual(expected);
  });

  test('by key and by tenant', async () => {
    const byKey = counts(await usage({ groupBy: ['API_KEY'] }), 'API_KEY');
    expect(byKey[KEY]).toEqual([1, formatUsd(100_000_000_001n)]);
    expect(Object.keys(byKey)).toHaveLength(5);
    expect(counts(await usage({ groupBy: ['TENANT'] }), 'TENANT')).toEqual({
      [tenantId]: [5, formatUsd(300_000_000_009n)],
    });
  });

  test('by several dimensions at once, in the order of intervals and keys', async () => {
    const groups = await usage({ groupBy: ['MODEL', 'TIER', 'MODEL'], interval: 'MONTH' });
    expect(groups.map(({ key: keys, start, calls }) => [keys, start, calls])).toEqual([
      [{ MODEL: 'openai/large', TIER: 'PREMIUM' }, '2026-11-01T00:00:00.000Z', 1],
      [{ MODEL: 'openai/large', TIER: null }, '2026-11-01T00:00:00.000Z', 1],
      [{ MODEL: 'openai/small', TIER: 'ECONOMY' }, '2026-11-01T00:00:00.000Z', 1],
      [{ MODEL: 'openai/small', TIER: null }, '2026-11-01T00:00:00.000Z', 1],
      [{ MODEL: null, TIER: null }, '2026-11-01T00:00:00.000Z', 1],
    ]);
  });

  test.each([
    ['MINUTE', ['03T10:30', '03T11:30', '04T00:30', '30T23:30']],
    ['HOUR', ['03T10:00', '03T11:00', '04T00:00', '30T23:00']],
    ['DAY', ['03T00:00', '04T00:00', '30T00:00']],
    ['WEEK', ['02T00:00', '30T00:00']],
    ['MONTH', ['01T00:00']],
  ])('by %s in UTC', async (interval, starts) => {
    const groups = await usage({ interval });
    expect(groups.map(({ start }) => start)).toEqual(starts.map((start) => `2026-11-${start}:00.000Z`));
    expect(groups.reduce((sum, { calls }) => sum + calls, 0)).toBe(5);
  });

  test('of what the filter leaves', async () => {
    expect((await usage({}, { teamId: TEAM }))[0]).toMatchObject({ calls: 1, cost: formatUsd(100_000_000_001n) });
    expect((await usage({}, { model: 'large' }))[0]).toMatchObject({ calls: 2, cost: formatUsd(200_000_000_008n) });
    expect((await usage({}, { tags: [{ key: 'env', value: 'prod' }] }))[0]).toMatchObject({ calls: 2 });
    expect((await usage({}, { to: '2026-11-04T00:00:00Z' }))[0]).toMatchObject({ calls: 2 });
  });
});

describe('what is no answer', () => {
  const makeAside = async (callId: string, rung: number, purpose: string, model: string): Promise<void> => {
    const values = [callId, rung, purpose, model];
    await gateway.core.dataSource.query(
      'UPDATE usage SET purpose = $3, model = $4 WHERE call_id = $1 AND rung = $2',
      values,
    );
  };
  const byModel = async (id: string) => {
    const asked = { filter: { tenantId: id, ...RANGE }, groupBy: ['MODEL'], interval: null };
    const { data, errors } = await gateway.ask<{ usage: readonly Group[] }>(gateway.operator, USAGE, asked);
    expect(errors).toEqual([]);
    return counts(data.usage, 'MODEL');
  };

  test('counts its cost with its own model, and the call with the one that answered', async () => {
    const { id } = await gateway.createTenant('with questions of plugins');
    const { dataSource } = gateway.core;
    const answered = await insertCall(dataSource, {
      tenantId: id,
      at: day(6, 1),
      rungs: 3,
      costOfRung: 5n,
      apart: true,
    });
    await makeAside(answered, 0, 'embedding', 'embedder');
    await makeAside(answered, 2, 'judge', 'judge');
    const hit = await insertCall(dataSource, {
      tenantId: id,
      at: day(6, 2),
      costOfRung: 2n,
      apart: true,
      cache: 'semantic',
    });
    await makeAside(hit, 0, 'embedding', 'embedder');
    expect(await byModel(id)).toEqual({
      'openai/embedder': [0, formatUsd(7n)],
      'openai/judge': [0, formatUsd(5n)],
      'openai/small': [1, formatUsd(5n)],
      null: [1, formatUsd(0n)],
    });
  });

  test('has the model of a cached answer where the row that ends the call names it', async () => {
    const { id } = await gateway.createTenant('with cached answers');
    const { dataSource } = gateway.core;
    const hit = await insertCall(dataSource, { tenantId: id, at: day(6, 2), rungs: 0, cache: 'exact', saved: 70n });
    await dataSource.query(`UPDATE usage SET provider = 'openai', model = 'large' WHERE call_id = $1`, [hit]);
    await insertCall(dataSource, { tenantId: id, at: day(6, 3), model: 'large', costOfRung: 70n });
    expect(await byModel(id)).toEqual({ 'openai/large': [2, formatUsd(70n)] });
    const asked = { filter: { tenantId: id, ...RANGE, model: 'large' }, groupBy: ['CACHE_OUTCOME'], interval: null };
    const { data } = await gateway.ask<{ usage: readonly Group[] }>(gateway.operator, USAGE, asked);
    expect(data.usage).toMatchObject([
      { key: { CACHE_OUTCOME: 'EXACT' }, calls: 1, saved: formatUsd(70n), cacheHitRatio: 1, inputTokens: 0 },
      { key: { CACHE_OUTCOME: 'MISS' }, calls: 1, saved: formatUsd(0n), cacheHitRatio: 0 },
    ]);
  });

  test('is no call where a cache was asked by name; what it cost and saved counts', async () => {
    const { id } = await gateway.createTenant('with look-ups');
    const { dataSource } = gateway.core;
    await insertCall(dataSource, { tenantId: id, at: day(6, 2), latencyMs: 100 });
    const lookUp = await insertCall(dataSource, {
      ...{ tenantId: id, at: day(6, 3), apart: true, cache: 'exact', saved: 9n, costOfRung: 4n, latencyMs: 1 },
    });
    await dataSource.query(`UPDATE usage SET operation = 'cache' WHERE call_id = $1`, [lookUp]);
    const asked = { filter: { tenantId: id, ...RANGE }, interval: null };
    const { data } = await gateway.ask<{ usage: readonly Group[] }>(gateway.operator, USAGE, asked);
    expect(data.usage).toMatchObject([
      { calls: 1, cacheHitRatio: 0, latencyP50Ms: 100, saved: formatUsd(9n), cost: formatUsd(1_000_004n) },
    ]);
  });
});

test('a caller finds the call that it has just made', async () => {
  const before = BigInt(gateway.simulator.bill().total.chargedPicoDollars);
  for (let n = 0; n < 10; n++) {
    const { errors } = await gateway.ask(
      key,
      'mutation { complete(input: { model: "economy", messages: [{ role: "user", content: "hello" }] }) { id } }',
    );
    expect(errors).toEqual([]);
  }
  const billed = BigInt(gateway.simulator.bill().total.chargedPicoDollars) - before;
  const now = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) };
  expect((await usage({}, now))[0]).toMatchObject({ calls: 10, failedCalls: 0, cost: formatUsd(billed) });
});

test.each(['PROMPT', 'PLUGIN'])('%s is refused, and not shown empty', async (dimension) => {
  const { errors } = await gateway.ask(key, USAGE, { filter: { tenantId, ...RANGE }, groupBy: [dimension] });
  expect(errors).toMatchObject([{ extensions: { code: 'invalid_request', param: 'groupBy' } }]);
  expect(errors[0]?.message).toContain(dimension);
});

test('more groups than anybody reads are refused', async () => {
  const { id } = await gateway.createTenant('busy');
  await gateway.core.dataSource.query(
    `INSERT INTO usage (tenant_id, at, call_id, rung, key_id, operation, requested_model, cost, reserved, closes, streamed)
     SELECT $1, '2026-11-05T00:00:00Z', gen_random_uuid(), 0, gen_random_uuid(), 'chat.completions', 'auto', 0, 0, true, false
       FROM generate_series(1, 10001)`,
    [id],
  );
  const ask = (filter: object) =>
    gateway.ask<{ usage: readonly Group[] }>(
      gateway.operator,
      'query ($filter: UsageFilter!) { usage(filter: $filter, groupBy: [API_KEY]) { calls } }',
      {
        filter: { tenantId: id, ...RANGE, ...filter },
      },
    );
  expect((await ask({})).errors).toMatchObject([{ extensions: { code: 'invalid_request', param: 'groupBy' } }]);
  const [one] = await gateway.core.dataSource.query<{ key_id: string }[]>(
    'SELECT key_id FROM usage WHERE tenant_id = $1 LIMIT 1',
    [id],
  );
  expect((await ask({ apiKeyId: one?.key_id })).data.usage).toEqual([{ calls: 1 }]);
});

import { EXCHANGE_PATH } from '@parsimony/leases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ground, TOKEN } from '../../test/ground.js';
import type { BudgetsService } from '../start-budgets.js';

const HOLDER = '0193d5a4-0000-7000-8000-000000000001';

let ground: Ground;
let service: BudgetsService;

beforeAll(async () => {
  ground = await Ground.prepare();
  service = await ground.start();
});
afterAll(() => ground[Symbol.asyncDispose]());

interface Sent {
  readonly body?: string;
  readonly authorization?: string | undefined;
  readonly type?: string;
}

async function post({ body = '{}', authorization = `Bearer ${TOKEN}`, type = 'application/json' }: Sent): Promise<{
  readonly status: number;
  readonly error: unknown;
}> {
  const response = await fetch(service.url + EXCHANGE_PATH, {
    method: 'POST',
    headers: { 'content-type': type, ...(authorization !== '' && { authorization }) },
    body,
  });
  const { error } = (await response.json()) as { error?: unknown };
  return { status: response.status, error };
}

describe('who has no token', () => {
  it.each([
    ['nothing', ''],
    ['another token', 'Bearer another-token-that-is-long-enough'],
    ['a longer token', `Bearer ${TOKEN}1`],
    ['another scheme', `Basic ${TOKEN}`],
    ['an empty token', 'Bearer '],
    ['blanks behind it', `Bearer ${TOKEN} ${TOKEN}`],
  ])('is refused with %s', async (_what, authorization) => {
    expect(await post({ authorization })).toMatchObject({
      ...{ status: 401, error: { code: 'invalid_api_key', type: 'invalid_request_error' } },
    });
  });

  it('is refused before its body is read', async () => {
    expect(await post({ authorization: '', body: 'x'.repeat(9 << 20) })).toMatchObject({ status: 401 });
  });
});

describe('a body that is wrong', () => {
  const lease = { tenantId: HOLDER, budgetId: HOLDER, unit: 'pico-dollars', at: 1, uncovered: false };
  const amounts = { claim: '0', spent: '0', held: '0', unconfirmed: '0', need: '0', want: '0' };
  const request = (fields: object): string =>
    JSON.stringify({ holder: HOLDER, sequence: 1, leases: [{ ...lease, ...amounts, ...fields }] });

  it.each([
    ['{', 'invalid_json', null],
    ['[]', 'invalid_request', null],
    ['{}', 'invalid_request', 'holder'],
    [JSON.stringify({ holder: 'Ромашка', sequence: 1, leases: [] }), 'invalid_request', 'holder'],
    [JSON.stringify({ holder: HOLDER, sequence: 0, leases: [] }), 'invalid_request', 'sequence'],
    [request({ spent: '-1' }), 'invalid_request', 'leases.0.spent'],
    [request({ spent: 1 }), 'invalid_request', 'leases.0.spent'],
    [request({ need: '1e3' }), 'invalid_request', 'leases.0.need'],
    [request({ want: '9'.repeat(31) }), 'invalid_request', 'leases.0.want'],
    [request({ unit: 'rubles' }), 'invalid_request', 'leases.0.unit'],
    [request({ at: -1 }), 'invalid_request', 'leases.0.at'],
  ])('is refused: %s', async (body, code, param) => {
    expect(await post({ body })).toMatchObject({ status: 400, error: { code, param } });
  });

  it('is refused where it is not JSON by name, or too large', async () => {
    expect(await post({ type: 'text/plain' })).toMatchObject({
      status: 415,
      error: { code: 'unsupported_media_type' },
    });
    expect(await post({ body: `"${'x'.repeat(9 << 20)}"` })).toMatchObject({
      ...{ status: 413, error: { code: 'request_too_large' } },
    });
  });

  it('may have ten thousand leases with the longest of amounts', async () => {
    const longest = Object.fromEntries(Object.keys(amounts).map((name) => [name, '9'.repeat(30)]));
    const leases = Array.from({ length: 10_000 }, () => ({ ...lease, ...longest }));
    expect(await post({ body: JSON.stringify({ holder: HOLDER, sequence: 1, leases }) })).toEqual({ status: 200 });
    const more = JSON.stringify({ holder: HOLDER, sequence: 1, leases: [...leases, leases[0]] });
    expect(await post({ body: more })).toMatchObject({ status: 400, error: { param: 'leases' } });
  });
});

it('has no other addresses', async () => {
  const response = await fetch(`${service.url}/internal/v2/leases?secret=1`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    error: { code: 'route_not_found', message: 'there is no GET /internal/v2/leases' },
  });
});

it('tells orchestrators and Prometheus how it is', async () => {
  const holder = ground.holder(service);
  const budget = await ground.budget({ amount: 2_000_000_000_000n });
  await holder.lent(ground.ask(budget, { need: 1_500_000_000_000n }));
  await ground.holder(service).lent(ground.ask(budget, { need: 500_000_000_000n }));
  await ground.holder(service).lent(ground.ask(budget, { need: 1n }));
  await expect.poll(() => service.leads).toBe(true);
  expect(await (await fetch(`${service.url}/healthz`)).json()).toEqual({ status: 'ok' });
  const ready = await fetch(`${service.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', process: process.pid, database: 'reachable', leads: true },
  ]);
  const metrics = await fetch(`${service.url}/metrics`);
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
  const text = await metrics.text();
  expect(text).toContain('parsimony_budgets_leader 1');
  expect(text).toContain('parsimony_budgets_leases{unit="pico-dollars"} 3');
  expect(text).toContain('parsimony_budgets_lent{unit="pico-dollars"} 2');
  expect(text).toContain('parsimony_budgets_short_total{unit="pico-dollars"} 1');
  expect(text).toMatch(/parsimony_budgets_lease_answers_total\{state="lent"\} 3/);
  expect(text).toMatch(/parsimony_budgets_exchanges_total\{outcome="refused"\} \d/);
  expect(text).toMatch(/parsimony_budgets_exchange_duration_seconds_count \d/);
});

it('says that the database is away, and goes on when it is back', async () => {
  const holder = ground.holder(service);
  const budget = await ground.budget({ amount: 100n, period: 'DAY' });
  await holder.lent(ground.ask(budget, { need: 50n }));
  await ground.database.stopServer();
  try {
    await expect(holder.lent(ground.ask(budget, { claim: 50n }))).rejects.toThrow(/^503 .*database_unavailable/);
    const ready = await fetch(`${service.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'not ready', database: 'away' }]);
    expect((await fetch(`${service.url}/metrics`)).status).toBe(200);
    await expect.poll(() => service.leads, { timeout: 10_000 }).toBe(false);
  } finally {
    await ground.database.startServer();
  }
  expect(await holder.lent(ground.ask(budget, { claim: 50n, need: 60n }))).toMatchObject({ granted: 60n });
  await expect.poll(() => service.leads, { timeout: 10_000 }).toBe(true);
});

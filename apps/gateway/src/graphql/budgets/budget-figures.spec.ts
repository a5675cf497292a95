import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';

const GRANT = `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) {
  id tenantId budgetId amount consumed remaining expiresAt note createdBy revokedAt } }`;
const REVOKE = 'mutation ($id: ID!) { revokeCredit(id: $id) { id remaining revokedAt } }';
const FIGURES = `limit effectiveLimit spent reserved unconfirmed remaining exhausted periodStart periodEnd projectedSpend
  warnings credits { id amount remaining }`;
const LEASES = 'leases { id holder granted spent reserved unconfirmed expiresAt state }';

interface Credit {
  readonly id: string;
  readonly remaining: string;
}

let gateway: GraphqlGateway;
let tenantId: string;
let team: string;
let owner: { readonly id: string; readonly secret: string };
let member: string;
let budgetId: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  team = (await gateway.createTeam(tenantId, 'Поиск')).id;
  owner = await gateway.createKey(tenantId, 'OWNER');
  member = (await gateway.createKey(tenantId, 'MEMBER', team)).secret;
});
afterAll(() => gateway[Symbol.asyncDispose]());

beforeEach(async () => {
  if (budgetId) await gateway.ask(owner.secret, 'mutation ($id: ID!) { deleteBudget(id: $id) }', { id: budgetId });
  budgetId = await setBudget({});
});

async function setBudget(more: object): Promise<string> {
  const input = { tenantId, teamId: team, limit: '0.000000001000', period: 'HOUR', ...more };
  const { data, errors } = await gateway.ask<{ setBudget: { id: string } }>(
    owner.secret,
    'mutation ($input: SetBudgetInput!) { setBudget(input: $input) { id } }',
    { input },
  );
  expect(errors).toEqual([]);
  return data.setBudget.id;
}

const budget = (fields: string, secret = owner.secret) =>
  gateway.ask<{ budget: Record<string, unknown> }>(secret, `query ($id: ID!) { budget(id: $id) { ${fields} } }`, {
    id: budgetId,
  });

async function figures(fields = FIGURES): Promise<Record<string, unknown>> {
  const { data, errors } = await budget(fields);
  expect(errors).toEqual([]);
  return data.budget;
}

interface Lease {
  readonly granted: number;
  readonly spent: number;
  readonly held?: number;
  readonly unconfirmed?: number;
  readonly expiresInS?: number;
  readonly closed?: boolean;
}

/** The account of the hour that began half an hour ago, and its leases, as the budgets service would keep them. */
async function lend(base: number, leases: readonly Lease[]): Promise<string[]> {
  const { dataSource } = gateway.core;
  const [account] = await dataSource.query<{ id: string }[]>(
    `INSERT INTO budget_account (tenant_id, budget_id, unit, period_start, period_end, base)
     VALUES ($1, $2, 'pico-dollars', clock_timestamp() - interval '30 min', clock_timestamp() + interval '30 min', $3)
     RETURNING id`,
    [tenantId, budgetId, base],
  );
  const holders = leases.map(() => randomUUID());
  for (const [index, lease] of leases.entries())
    await dataSource.query(
      `INSERT INTO budget_lease (tenant_id, account_id, holder, granted, spent, held, unconfirmed, sequence, expires_at, closed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 1, clock_timestamp() + make_interval(secs => $8),
         CASE WHEN $9 THEN clock_timestamp() END)`,
      [
        ...[tenantId, account?.id, holders[index], lease.granted, lease.spent, lease.held ?? 0, lease.unconfirmed ?? 0],
        ...[lease.expiresInS ?? 60, lease.closed ?? false],
      ],
    );
  return holders;
}

describe('how a budget stands', () => {
  test('before any call', async () => {
    expect(await figures()).toMatchObject({
      ...{ spent: '0.000000000000', reserved: '0.000000000000', remaining: '0.000000001000', exhausted: false },
      ...{ warnings: [], credits: [] },
    });
  });

  test('with what gateways have told, exactly', async () => {
    const holders = await lend(7, [
      { granted: 300, spent: 101, held: 23 },
      { granted: 200, spent: 50, unconfirmed: 11 },
      { granted: 40, spent: 10, expiresInS: -5 },
    ]);
    const seen = await figures(`${FIGURES} ${LEASES}`);
    expect(seen).toMatchObject({
      ...{ spent: '0.000000000168', reserved: '0.000000000023', unconfirmed: '0.000000000041' },
      ...{ remaining: '0.000000000791', exhausted: false, warnings: [] },
    });
    const { periodStart, periodEnd, projectedSpend } = seen as Record<string, string>;
    expect(Date.parse(periodEnd!) - Date.parse(periodStart!)).toBe(3_600_000);
    // Half of the hour is over.
    expect(Math.abs(Number(projectedSpend!.slice(-4)) - 2 * 168)).toBeLessThan(5);
    expect(seen['leases']).toMatchObject([
      { holder: holders[0], granted: '0.000000000300', reserved: '0.000000000023', state: 'ACTIVE' },
      { holder: holders[1], spent: '0.000000000050', unconfirmed: '0.000000000011', state: 'ACTIVE' },
      { holder: holders[2], granted: '0.000000000040', unconfirmed: '0.000000000030', state: 'LOST' },
    ]);
  });

  test('once nothing is left', async () => {
    await lend(0, [{ granted: 1_000, spent: 990, unconfirmed: 10, closed: true }]);
    expect(await figures(`${FIGURES} ${LEASES}`)).toMatchObject({
      ...{ remaining: '0.000000000000', exhausted: true, warnings: [] },
      leases: [{ state: 'SETTLED' }],
    });
  });

  test('after it was lowered below what is spent', async () => {
    await lend(500, []);
    await setBudget({ limit: '0.000000000400' });
    const seen = await figures();
    expect(seen).toMatchObject({ spent: '0.000000000500', remaining: '0.000000000000', exhausted: true });
    expect(seen['warnings']).toEqual([expect.stringMatching(/0\.0000000005 USD are spent/)]);
  });

  test('a child larger than its parent is allowed, and both say so', async () => {
    const above = await setBudget({ teamId: null, limit: '0.000000000500' });
    expect((await figures())['warnings']).toEqual([expect.stringMatching(/tenant.*0\.0000000005 USD/)]);
    await gateway.ask(owner.secret, 'mutation ($id: ID!) { deleteBudget(id: $id) }', { id: above });
    expect((await figures())['warnings']).toEqual([]);
  });

  test('leases are for those who administer the tenant', async () => {
    await lend(0, [{ granted: 1, spent: 0 }]);
    expect((await budget('leases { id }', gateway.operator)).data.budget['leases']).toHaveLength(1);
    const { data, errors } = await budget('spent leases { id }', member);
    expect(errors).toMatchObject([{ path: ['budget', 'leases'], extensions: { code: 'permission_denied' } }]);
    expect(data).toEqual({ budget: null });
    expect((await budget('spent', member)).errors).toEqual([]);
  });
});

describe('credits', () => {
  const grant = (input: object, secret = owner.secret) =>
    gateway.ask<{ grantCredit: Credit }>(secret, GRANT, {
      input: { budgetId, amount: '0.000000000250', expiresAt: '2100-01-01T00:00:00Z', ...input },
    });

  test('raise the limit until they are revoked', async () => {
    const { data, errors } = await grant({ note: 'Чёрная пятница' });
    expect(errors).toEqual([]);
    const { id } = data.grantCredit;
    expect(data.grantCredit).toMatchObject({
      ...{ tenantId, budgetId, amount: '0.000000000250', consumed: '0.000000000000', remaining: '0.000000000250' },
      ...{ expiresAt: '2100-01-01T00:00:00.000Z', note: 'Чёрная пятница', createdBy: owner.id, revokedAt: null },
    });
    await lend(1_100, []);
    expect(await figures()).toMatchObject({
      ...{ limit: '0.000000001000', effectiveLimit: '0.000000001250', remaining: '0.000000000150' },
      credits: [{ id, amount: '0.000000000250', remaining: '0.000000000150' }],
    });
    const revoked = await gateway.ask<{ revokeCredit: { revokedAt: string } }>(owner.secret, REVOKE, { id });
    expect(revoked.data.revokeCredit).toMatchObject({ id, remaining: '0.000000000000' });
    const again = await gateway.ask<{ revokeCredit: { revokedAt: string } }>(owner.secret, REVOKE, { id });
    expect(again.data).toEqual(revoked.data);
    expect(await figures()).toMatchObject({ effectiveLimit: '0.000000001000', exhausted: true });
  });

  test.each<[string, object, string, string]>([
    ['nothing', { amount: '0' }, 'invalid_request', 'amount'],
    ['less than nothing', { amount: '-1' }, 'invalid_request', 'amount'],
    ['one that has expired', { expiresAt: '2020-01-01T00:00:00Z' }, 'invalid_request', 'expiresAt'],
    ['a note too long', { note: 'я'.repeat(501) }, 'invalid_request', 'note'],
    ['a budget that is not there', { budgetId: randomUUID() }, 'resource_not_found', 'budgetId'],
    ['a budget that is none', { budgetId: 'none' }, 'resource_not_found', 'budgetId'],
  ])('%s is refused', async (_what, input, code, param) => {
    expect((await grant(input)).errors).toMatchObject([{ extensions: { code, param } }]);
  });

  test('are neither granted nor revoked across tenants, nor by members', async () => {
    const { data } = await grant({});
    const { id } = data.grantCredit;
    const strangers = (await gateway.createTenant(`strangers of ${budgetId}`)).id;
    const stranger = (await gateway.createKey(strangers, 'OWNER')).secret;
    const notFound = [{ extensions: { code: 'resource_not_found' } }];
    expect((await grant({}, stranger)).errors).toMatchObject(notFound);
    expect((await gateway.ask(stranger, REVOKE, { id })).errors).toMatchObject(notFound);
    for (const { errors } of [await grant({}, member), await gateway.ask(member, REVOKE, { id })])
      expect(errors).toMatchObject([{ extensions: { code: 'permission_denied' } }]);
  });
});

describe('events', () => {
  test('are the last fifty of each budget, newest first', async () => {
    const other = await setBudget({ teamId: null });
    await gateway.core.dataSource.query(
      `INSERT INTO budget_event (tenant_id, id, at, budget_id, kind, detail)
       SELECT $1, gen_random_uuid(), timestamptz '2026-11-24T00:00:00Z' + make_interval(mins => n), budget_id,
              (ARRAY['threshold', 'overdraft', 'lease-lost', 'lease-settled'])[1 + n % 4], jsonb_build_object('n', n)
         FROM generate_series(1, 60) AS n, unnest($2::uuid[]) AS budget_id`,
      [tenantId, [budgetId, other]],
    );
    const asked = await gateway.ask<{ budgets: { events: { at: string; kind: string; detail: { n: number } }[] }[] }>(
      owner.secret,
      'query ($id: ID!) { budgets(tenantId: $id) { events { id at kind detail } } }',
      { id: tenantId },
    );
    expect(asked.errors).toEqual([]);
    expect(asked.data.budgets).toHaveLength(2);
    for (const { events } of asked.data.budgets) {
      expect(events.map(({ detail }) => detail.n)).toEqual(Array.from({ length: 50 }, (_, n) => 60 - n));
      expect(events.slice(0, 4)).toMatchObject([
        { at: '2026-11-24T01:00:00.000Z', kind: 'THRESHOLD' },
        { kind: 'LEASE_SETTLED' },
        { kind: 'LEASE_LOST' },
        { kind: 'OVERDRAFT' },
      ]);
    }
    await gateway.ask(owner.secret, 'mutation ($id: ID!) { deleteBudget(id: $id) }', { id: other });
  });
});

import { DatabaseUnavailable } from '@parsimony/contract';
import { ALL_TENANTS, createDataSource } from '@parsimony/persistence';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { BudgetService, CreditService, newId, TENANCY_ENTITIES } from '@parsimony/tenancy';
import type { Budget, SetBudget } from '@parsimony/tenancy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aTenant } from '../test/a-tenant.js';
import type { ATenant } from '../test/a-tenant.js';
import type { BudgetStanding } from './budget-standing.js';
import { BudgetStandings } from './budget-standings.js';
import { periodOf } from './period.js';

const DOLLAR = 10n ** 12n;
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let tenant: ATenant;
let budgets: BudgetService;
let credits: CreditService;
let standings: BudgetStandings;
beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  budgets = new BudgetService(database.dataSource);
  credits = new CreditService(database.dataSource);
});
beforeEach(async () => {
  tenant = await aTenant(database.dataSource);
  standings = new BudgetStandings(database.dataSource, tenant.tenantId);
});
afterAll(() => database.stop());

const aBudget = (more: Partial<SetBudget> = {}): Promise<Budget> =>
  budgets.set({ tenantId: tenant.tenantId, limit: 100n * DOLLAR, period: 'TOTAL', ...more });

async function standingOf({ id }: Budget): Promise<BudgetStanding> {
  const standing = (await standings.of([id])).get(id);
  if (!standing) throw new Error('the budget does not stand at all');
  return standing;
}

interface AccountWish {
  readonly start: number;
  readonly end?: number | null;
  readonly base?: bigint;
  readonly credited?: bigint;
  readonly final?: boolean;
}

async function anAccount({ id }: Budget, wish: AccountWish): Promise<string> {
  const { start, end = null, base = 0n, credited = 0n, final = false } = wish;
  const [row] = await database.dataSource.query<{ id: string }[]>(
    `INSERT INTO budget_account (tenant_id, budget_id, unit, period_start, period_end, base, credited, final_at)
     VALUES ($1, $2, 'pico-dollars', $3, $4, $5, $6, CASE WHEN $7 THEN now() END) RETURNING id`,
    [tenant.tenantId, id, new Date(start), end === null ? null : new Date(end), base, credited, final],
  );
  return String(row?.id);
}

interface LeaseWish {
  readonly granted: bigint;
  readonly spent?: bigint;
  readonly held?: bigint;
  readonly unconfirmed?: bigint;
  readonly expired?: boolean;
  readonly closed?: boolean;
}

async function aLease(accountId: string, wish: LeaseWish): Promise<string> {
  const { granted, spent = 0n, held = 0n, unconfirmed = 0n, expired = false, closed = false } = wish;
  const [row] = await database.dataSource.query<{ id: string }[]>(
    `INSERT INTO budget_lease (tenant_id, account_id, holder, granted, spent, held, unconfirmed, sequence, expires_at, closed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1, now() + make_interval(secs => CASE WHEN $8 THEN -1 ELSE 60 END),
       CASE WHEN $9 THEN now() END) RETURNING id`,
    [tenant.tenantId, accountId, newId(), granted, spent, held, unconfirmed, expired, closed],
  );
  return String(row?.id);
}

describe('a budget', () => {
  it('of which nothing was spent yet stands at nothing, in the period of its time zone', async () => {
    const budget = await aBudget({ period: 'DAY', timezone: 'Asia/Kathmandu' });
    const standing = await standingOf(budget);
    const { start, end } = periodOf(budget, standing.at.getTime());
    expect(standing).toEqual({
      ...{ budgetId: budget.id, at: expect.any(Date), limit: 100n * DOLLAR, remaining: 100n * DOLLAR },
      ...{ spent: 0n, held: 0n, unconfirmed: 0n, periodStart: new Date(start), periodEnd: new Date(Number(end)) },
      ...{ openedAt: null, leases: [], credits: [], former: null },
    });
    expect(await standingOf(await aBudget())).toMatchObject({ periodEnd: null });
  });

  it('has spent what leases report and what no lease covers, of all gateways', async () => {
    const budget = await aBudget();
    const account = await anAccount(budget, { start: budget.createdAt.getTime(), base: 3n });
    await aLease(account, { granted: 50n, spent: 20n, held: 7n, unconfirmed: 2n });
    await aLease(account, { granted: 5n, spent: 5n, closed: true });
    const standing = await standingOf(budget);
    expect(standing).toMatchObject({ spent: 28n, held: 7n, unconfirmed: 2n, remaining: 100n * DOLLAR - 30n });
    expect(standing.openedAt).toBeInstanceOf(Date);
    expect(standing.leases).toEqual([
      {
        ...{ id: expect.any(String), holder: expect.any(String), expiresAt: expect.any(Date), state: 'open' },
        ...{ granted: 50n, spent: 20n, held: 7n, unconfirmed: 2n },
      },
    ]);
  });

  it('shows what a lost lease had as unconfirmed, until its journal tells what was spent', async () => {
    const budget = await aBudget();
    const account = await anAccount(budget, { start: budget.createdAt.getTime() });
    const lost = await aLease(account, { granted: 50n, spent: 20n, held: 7n, unconfirmed: 2n, expired: true });
    await aLease(account, { granted: 9n, spent: 9n, expired: true });
    const before = await standingOf(budget);
    expect(before).toMatchObject({ spent: 29n, held: 0n, unconfirmed: 30n, remaining: 100n * DOLLAR - 59n });
    expect(before.leases.map(({ state, unconfirmed }) => [state, unconfirmed])).toEqual([
      ['lost', 30n],
      ['closed', 0n],
    ]);
    await database.dataSource.query(
      'UPDATE budget_lease SET spent = 25, held = 0, unconfirmed = 1, granted = 26, closed_at = now() WHERE id = $1',
      [lost],
    );
    const after = await standingOf(budget);
    expect(after).toMatchObject({ spent: 34n, held: 0n, unconfirmed: 1n, remaining: 100n * DOLLAR - 35n });
    expect(after.leases.map(({ id, state }) => [id, state])).toContainEqual([lost, 'closed']);
  });

  it('that was lowered below what is spent has nothing left, and not less', async () => {
    const budget = await aBudget({ limit: 10n });
    await aLease(await anAccount(budget, { start: 0, base: 8n }), { granted: 9n, spent: 9n });
    expect(await standingOf(budget)).toMatchObject({ limit: 10n, spent: 17n, remaining: 0n });
  });

  it('counts sums of any size to the pico-dollar', async () => {
    const budget = await aBudget({ limit: 999_999_999_999_999_999_999n });
    await aLease(await anAccount(budget, { start: 0, base: 1n }), {
      granted: 10n ** 20n,
      spent: 99_999_999_999_999_999_999n,
    });
    expect(await standingOf(budget)).toMatchObject({ spent: 10n ** 20n, remaining: 899_999_999_999_999_999_999n });
  });
});

describe('a period', () => {
  it('is that of the account that holds the moment, beside those before and after it', async () => {
    const budget = await aBudget({ period: 'DAY' });
    const now = Date.now();
    const day = { start: now - 20 * HOUR_MS, end: now + 4 * HOUR_MS };
    await anAccount(budget, { start: now - 44 * HOUR_MS, end: day.start, base: 70n, final: true });
    await anAccount(budget, { ...day, base: 5n });
    await anAccount(budget, { start: day.end, end: day.end + 24 * HOUR_MS, base: 1_000n });
    expect(await standingOf(budget)).toMatchObject({
      ...{ spent: 5n, periodStart: new Date(day.start), periodEnd: new Date(day.end) },
      former: { spent: 70n, periodStart: new Date(now - 44 * HOUR_MS), periodEnd: new Date(day.start) },
    });
  });

  it('begins where that of the former time zone ended, before anything was spent in it', async () => {
    const budget = await aBudget({ period: 'MONTH' });
    const ended = Date.now() - 5_000;
    await anAccount(budget, { start: ended - 24 * HOUR_MS, end: ended, base: 70n, final: true });
    const { end } = periodOf(budget, Date.now());
    expect(await standingOf(budget)).toMatchObject({
      ...{ spent: 0n, openedAt: null, periodStart: new Date(ended), periodEnd: new Date(Number(end)) },
      former: { spent: 70n },
    });
  });
});

describe('credits', () => {
  const inDays = (days: number): Date => new Date(Date.now() + days * 24 * HOUR_MS);

  it('raise the limit while they last, those that expire first first', async () => {
    const budget = await aBudget({ limit: 100n });
    const late = await credits.grant({ budgetId: budget.id, amount: 50n, expiresAt: inDays(2) });
    const early = await credits.grant({ budgetId: budget.id, amount: 20n, expiresAt: inDays(1), note: 'К запуску' });
    const gone = await credits.grant({ budgetId: budget.id, amount: 1_000n, expiresAt: inDays(3) });
    await credits.revoke(gone.id);
    await anAccount(budget, { start: budget.createdAt.getTime(), base: 130n });
    expect(await standingOf(budget)).toMatchObject({
      ...{ limit: 170n, spent: 130n, remaining: 40n },
      credits: [
        { creditId: early.id, remaining: 0n },
        { creditId: late.id, remaining: 40n },
      ],
    });
  });

  it('are not counted twice by two periods that are open', async () => {
    const budget = await aBudget({ limit: 100n, period: 'HOUR' });
    await credits.grant({ budgetId: budget.id, amount: 50n, expiresAt: inDays(1) });
    const now = Date.now();
    await anAccount(budget, { start: now - HOUR_MS, end: now - 1_000, base: 130n });
    await anAccount(budget, { start: now - 1_000, end: now + HOUR_MS, base: 60n, credited: 3n });
    expect(await standingOf(budget)).toMatchObject({ limit: 123n, spent: 60n, credits: [{ remaining: 20n }] });
  });
});

it('are read for many budgets at once, behind the tenant’s walls', async () => {
  const mine = [await aBudget(), await aBudget({ teamId: tenant.red }), await aBudget({ keyId: tenant.redKey })];
  const deleted = await budgets.delete((await aBudget({ period: 'DAY' })).id);
  const other = await aTenant(database.dataSource);
  const theirs = await budgets.set({ tenantId: other.tenantId, limit: 1n, period: 'DAY' });
  const asked = [...mine, deleted, theirs].map(({ id }) => id);
  expect([...(await standings.of(asked)).keys()].toSorted()).toEqual(mine.map(({ id }) => id).toSorted());
  const all = await new BudgetStandings(database.dataSource, ALL_TENANTS).of(asked);
  expect(all.size).toBe(4);
  expect((await standings.of([])).size).toBe(0);
});

it('cannot be read while the database is away', async () => {
  const away = createDataSource('postgres://nobody@127.0.0.1:1/none');
  await expect(new BudgetStandings(away, ALL_TENANTS).of([newId()])).rejects.toBeInstanceOf(DatabaseUnavailable);
});

import { InvalidRequest, PermissionDenied, ResourceNotFound, RevisionConflict } from '@parsimony/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DOLLAR, startLimitedTenant } from '../../test/limits.js';
import type { LimitedTenant } from '../../test/limits.js';
import { newId } from '../uuid.js';
import type { BudgetService, SetBudget, SetPool } from './budget.service.js';

let world: LimitedTenant;
let budgets: BudgetService;
beforeAll(async () => {
  world = await startLimitedTenant();
  budgets = world.as('OWNER').budgets;
});
afterEach(() => world.database.dataSource.query('UPDATE budget SET deleted_at = now() WHERE deleted_at IS NULL'));
afterAll(() => world[Symbol.asyncDispose]());

const wish = (more: Partial<SetBudget> = {}): SetBudget => ({
  ...{ tenantId: world.tenantId, limit: 100n * DOLLAR, period: 'MONTH' },
  ...more,
});
const pool = (more: Partial<SetPool> = {}): SetPool => ({
  ...{ tenantId: world.tenantId, name: 'Общий котёл', teamIds: [world.red, world.blue], limit: DOLLAR, period: 'DAY' },
  ...more,
});
const auditOf = async (id: string) =>
  (await world.system.audit.list(world.tenantId, { first: 1_000 })).items.filter(({ targetId }) => targetId === id);

/** Starts work while a statement's locks are held, and lets go of them once all of it waits. */
async function whileHeld<Result>(
  statement: string,
  parameters: unknown[],
  start: () => readonly Promise<Result>[],
): Promise<Result[]> {
  const { dataSource } = world.database;
  const holder = dataSource.createQueryRunner();
  await holder.startTransaction();
  try {
    await holder.query(statement, parameters);
    const work = start();
    await vi.waitFor(async () => {
      const [{ waiting } = { waiting: 0 }] = await dataSource.query<{ waiting: number }[]>(
        `SELECT count(DISTINCT pid)::int AS waiting FROM pg_locks
          WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
      );
      expect(waiting).toBe(work.length);
    }, 10_000);
    await holder.commitTransaction();
    return await Promise.all(work);
  } finally {
    if (holder.isTransactionActive) await holder.rollbackTransaction();
    await holder.release();
  }
}

describe('a budget', () => {
  it('is made with what is usual, and replaced in place by the next of its place and period', async () => {
    const first = await budgets.set(wish({ tag: { key: 'отдел', value: 'маркетинг и PR' } }));
    expect(first).toEqual({
      ...{ tenantId: world.tenantId, id: first.id, teamId: null, keyId: null, name: null, pooledTeamIds: null },
      ...{ tag: { key: 'отдел', value: 'маркетинг и PR' }, amount: 100n * DOLLAR, period: 'MONTH', mode: 'HARD' },
      ...{ timezone: 'UTC', thresholds: [0.5, 0.8, 1], downgradeAt: null, managedBy: 'tenant', revision: 1 },
      ...{ createdAt: expect.any(Date), changedAt: expect.any(Date), changedBy: expect.any(String) },
    });
    const second = await budgets.set({
      ...wish({ tag: { key: 'отдел', value: 'маркетинг и PR' }, limit: 123_456_789_012_345n, mode: 'SOFT' }),
      ...{ timezone: 'Asia/Kathmandu', thresholds: [1.5, 0.25], downgradeAt: 0.9 },
    });
    expect(second).toMatchObject({
      ...{ id: first.id, createdAt: first.createdAt, revision: 2, amount: 123_456_789_012_345n, mode: 'SOFT' },
      ...{ timezone: 'Asia/Kathmandu', thresholds: [0.25, 1.5], downgradeAt: 0.9 },
    });
    expect(await budgets.locate(first.id)).toEqual(second);
    expect(await budgets.list(world.tenantId)).toEqual([second]);
  });

  it('may be of any time zone that has a name', async () => {
    for (const timezone of ['UTC', 'est', 'GB', 'Asia/Calcutta', 'europe/moscow', 'Etc/GMT+12'])
      expect(await budgets.set(wish({ timezone }))).toMatchObject({ timezone });
  });

  it('stands beside those of other places and periods', async () => {
    const { red, redKey, freeKey } = world;
    const places = [{}, { teamId: red }, { keyId: redKey }, { keyId: freeKey }, { tag: { key: 'env', value: 'prod' } }];
    for (const place of places)
      for (const period of ['HOUR', 'TOTAL'] as const) await budgets.set(wish({ ...place, period }));
    expect(await budgets.list(world.tenantId)).toHaveLength(10);
  });

  it('of a key names its team, so that the same place has one budget however it is named', async () => {
    const first = await budgets.set(wish({ keyId: world.redKey }));
    const second = await budgets.set(wish({ keyId: world.redKey, teamId: world.red.toUpperCase() }));
    expect(second).toMatchObject({ id: first.id, teamId: world.red, revision: 2 });
  });

  it.each<[string, () => Partial<SetBudget>, string]>([
    ['no money', () => ({ limit: 0n }), 'limit'],
    ['less than none', () => ({ limit: -1n }), 'limit'],
    ['more than anybody has', () => ({ limit: 10n ** 21n + 1n }), 'limit'],
    ['an unknown time zone', () => ({ timezone: 'Europe/Atlantis' }), 'timezone'],
    ['no name of a time zone', () => ({ timezone: '' }), 'timezone'],
    ['an abbreviation that means several', () => ({ timezone: 'IST' }), 'timezone'],
    ['an offset for a time zone', () => ({ timezone: '+03:00' }), 'timezone'],
    ['no thresholds', () => ({ thresholds: [] }), 'thresholds'],
    [
      'many thresholds',
      () => ({ thresholds: Array.from({ length: 21 }, (_, index) => 1 + index / 100) }),
      'thresholds',
    ],
    ['a threshold at nothing', () => ({ thresholds: [0, 1] }), 'thresholds'],
    ['a threshold far beyond', () => ({ thresholds: [10.1] }), 'thresholds'],
    ['a threshold that is no number', () => ({ thresholds: [Number.NaN] }), 'thresholds'],
    ['one threshold twice', () => ({ thresholds: [1, 0.5, 1] }), 'thresholds'],
    ['a downgrade at nothing', () => ({ downgradeAt: 0 }), 'downgradeAt'],
    ['a downgrade beyond the limit', () => ({ downgradeAt: 1.01 }), 'downgradeAt'],
    ['a tag without a name', () => ({ tag: { key: '', value: 'x' } }), 'tag.key'],
    ['a tag with a space in its name', () => ({ tag: { key: 'a b', value: 'x' } }), 'tag.key'],
    ['a tag without a value', () => ({ tag: { key: 'a', value: '' } }), 'tag.value'],
    ['a tag with a line break', () => ({ tag: { key: 'a', value: 'b\nc' } }), 'tag.value'],
    ['a long tag', () => ({ tag: { key: 'a', value: 'ж'.repeat(129) } }), 'tag.value'],
    ['a key of another team', () => ({ teamId: world.red, keyId: world.blueKey }), 'teamId'],
    ['a key of no team with one', () => ({ teamId: world.red, keyId: world.freeKey }), 'teamId'],
  ])('is not made with %s', async (_, more, param) => {
    const refusal: unknown = await budgets.set(wish(more())).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidRequest);
    expect(refusal).toMatchObject({ param });
    expect(await budgets.list(world.tenantId)).toEqual([]);
  });

  it('is for no team or key of another tenant, nor for one that is not there, nor for a revoked key', async () => {
    for (const services of [world.as('OWNER'), world.system])
      for (const place of [
        { teamId: world.otherTeam },
        { keyId: world.otherKey },
        { teamId: newId() },
        { keyId: newId() },
        { teamId: 'red' },
        { keyId: "'; --" },
      ])
        await expect(services.budgets.set(wish(place)), JSON.stringify(place)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(world.system.budgets.set(wish({ tenantId: newId() }))).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(budgets.set(wish({ tenantId: 'here' }))).rejects.toBeInstanceOf(ResourceNotFound);
    const { apiKey } = await world.system.keys.create({ tenantId: world.tenantId, name: 'old' });
    await world.system.keys.revoke(world.tenantId, apiKey.id);
    await expect(budgets.set(wish({ keyId: apiKey.id }))).rejects.toBeInstanceOf(InvalidRequest);
  });

  it('is seen and deleted by its own tenant only', async () => {
    const theirs = await world.system.budgets.set(wish({ tenantId: world.otherTenantId }));
    await expect(budgets.locate(theirs.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(budgets.delete(theirs.id)).rejects.toBeInstanceOf(ResourceNotFound);
    expect(await budgets.ofTenants([world.tenantId, world.otherTenantId])).toEqual([]);
    expect(await world.system.budgets.list(world.otherTenantId)).toEqual([theirs]);
  });

  it('that was deleted is no more, and makes place for a new one', async () => {
    const first = await budgets.set(wish());
    expect(await budgets.delete(first.id)).toEqual(first);
    await expect(budgets.delete(first.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(budgets.locate(first.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(budgets.locate('none')).rejects.toBeInstanceOf(ResourceNotFound);
    const second = await budgets.set(wish({ expectedRevision: 0 }));
    expect(second).toMatchObject({ revision: 1 });
    expect(second.id).not.toBe(first.id);
  });
});

describe('operators who set one budget at once', () => {
  it('make one, and the last of them wins', async () => {
    const dollars = [1n, 2n, 3n, 4n, 5n, 6n];
    const set = await whileHeld('LOCK TABLE budget IN SHARE MODE', [], () =>
      dollars.map((dollar) => world.as('OPERATOR').budgets.set(wish({ limit: dollar * DOLLAR }))),
    );
    expect(set.map(({ revision }) => revision).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await budgets.list(world.tenantId)).toEqual([set.find(({ revision }) => revision === 6)]);
  });

  it('do not overwrite each other where they say what they have read', async () => {
    const { revision } = await budgets.set(wish({ expectedRevision: 0 }));
    const outcomes = await Promise.allSettled(
      [1n, 2n, 3n].map((limit) => budgets.set(wish({ limit, expectedRevision: revision }))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
    await expect(budgets.set(wish({ expectedRevision: 0 }))).rejects.toBeInstanceOf(RevisionConflict);
    await expect(budgets.set(wish({ period: 'DAY', expectedRevision: 1 }))).rejects.toBeInstanceOf(RevisionConflict);
  });

  it('may delete it meanwhile: then it is made anew', async () => {
    const { id } = await budgets.set(wish());
    const [set] = await whileHeld('UPDATE budget SET deleted_at = now() WHERE id = $1', [id], () => [
      world.as('OPERATOR').budgets.set(wish({ limit: DOLLAR })),
    ]);
    expect(set).toMatchObject({ revision: 1 });
    expect(await budgets.list(world.tenantId)).toEqual([set]);
  });
});

describe('a member', () => {
  it('sets and deletes budgets of its team, and leaves alone what administrators have set', async () => {
    const member = world.as('MEMBER', world.red).budgets;
    const own = await member.set(wish({ teamId: world.red, period: 'DAY' }));
    expect(own).toMatchObject({ managedBy: 'team' });
    expect(await member.set(wish({ teamId: world.red, period: 'DAY', limit: 1n }))).toMatchObject({ revision: 2 });
    const above = await budgets.set(wish({ teamId: world.red }));
    await expect(member.set(wish({ teamId: world.red, limit: 10n ** 15n }))).rejects.toBeInstanceOf(PermissionDenied);
    await expect(member.delete(above.id)).rejects.toBeInstanceOf(PermissionDenied);
    expect(await budgets.locate(above.id)).toEqual(above);
    expect(await auditOf(above.id)).toHaveLength(1);
    expect(await budgets.set(wish({ teamId: world.red, period: 'DAY' }))).toMatchObject({ managedBy: 'tenant' });
    await expect(member.delete(own.id)).rejects.toBeInstanceOf(PermissionDenied);
  });
});

describe('a pool', () => {
  it('is one budget of several teams, known by its name and period', async () => {
    const first = await budgets.setPool(pool());
    expect(first).toMatchObject({ name: 'Общий котёл', teamId: null, pooledTeamIds: [world.red, world.blue] });
    const second = await budgets.setPool(pool({ name: ' Общий котёл ', teamIds: [world.blue] }));
    expect(second).toMatchObject({ id: first.id, pooledTeamIds: [world.blue], revision: 2 });
    const beside = await budgets.setPool(pool({ period: 'WEEK' }));
    const ofTenant = await budgets.set(wish({ period: 'DAY' }));
    expect(await budgets.list(world.tenantId)).toEqual([second, beside, ofTenant]);
  });

  it.each<[string, () => Partial<SetPool>, typeof InvalidRequest | typeof ResourceNotFound, string]>([
    ['no team', () => ({ teamIds: [] }), InvalidRequest, 'teamIds'],
    ['one team twice', () => ({ teamIds: [world.red, world.red.toUpperCase()] }), InvalidRequest, 'teamIds'],
    ['a team of another tenant', () => ({ teamIds: [world.red, world.otherTeam] }), ResourceNotFound, 'teamIds'],
    ['something for a team', () => ({ teamIds: ['red'] }), ResourceNotFound, 'teamIds'],
    ['no name', () => ({ name: '  ' }), InvalidRequest, 'name'],
    ['no money', () => ({ limit: 0n }), InvalidRequest, 'limit'],
  ])('is not made with %s', async (_, more, kind, param) => {
    const refusal: unknown = await world.system.budgets.setPool(pool(more())).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(kind);
    expect(refusal).toMatchObject({ param });
  });
});

it('are found by tenant, by team with the pools it shares, and by key', async () => {
  const { tenantId, red, blue, redKey } = world;
  const ofTenant = await budgets.set(wish());
  const ofRed = await budgets.set(wish({ teamId: red }));
  const ofKey = await budgets.set(wish({ keyId: redKey }));
  const shared = await budgets.setPool(pool());
  const ofBlue = await budgets.set(wish({ teamId: blue, tag: { key: 'env', value: 'prod' } }));
  expect(await budgets.ofTenants([tenantId])).toEqual([ofTenant, ofRed, ofKey, shared, ofBlue]);
  expect(await budgets.ofTeams([red])).toEqual([ofRed, shared]);
  expect(await budgets.ofTeams([blue, 'none', newId()])).toEqual([shared, ofBlue]);
  expect(await budgets.ofKeys([redKey, world.blueKey])).toEqual([ofKey]);
  await expect(budgets.list('none')).rejects.toBeInstanceOf(ResourceNotFound);
});

it('leave an audit event each time, and none where nothing came of it', async () => {
  const { id } = await budgets.set(wish());
  await budgets.set(wish({ limit: DOLLAR }));
  await budgets.set(wish({ expectedRevision: 7 })).catch(() => undefined);
  await budgets.delete(id);
  const events = await auditOf(id);
  expect(events.map(({ action }) => action)).toEqual(['budget.delete', 'budget.set', 'budget.set']);
  expect(events[1]?.detail).toMatchObject({
    before: { limit: '100.000000000000', revision: 1 },
    after: { limit: '1.000000000000', revision: 2, mode: 'HARD', managedBy: 'tenant' },
  });
});

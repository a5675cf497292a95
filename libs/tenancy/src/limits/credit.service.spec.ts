import { InvalidRequest, ResourceNotFound } from '@parsimony/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DOLLAR, startLimitedTenant } from '../../test/limits.js';
import type { LimitedTenant } from '../../test/limits.js';
import { newId } from '../uuid.js';
import type { CreditService, GrantCredit } from './credit.service.js';

const DAY_MS = 86_400_000;

let world: LimitedTenant;
let credits: CreditService;
let budgetId: string;
beforeAll(async () => {
  world = await startLimitedTenant();
  credits = world.as('ADMIN').credits;
});
beforeEach(async () => {
  const wish = { tenantId: world.tenantId, limit: DOLLAR, period: 'MONTH' } as const;
  for (const budget of await world.system.budgets.list(world.tenantId)) await world.system.budgets.delete(budget.id);
  budgetId = (await world.system.budgets.set(wish)).id;
});
afterAll(() => world[Symbol.asyncDispose]());

const wish = (more: Partial<GrantCredit> = {}): GrantCredit => ({
  ...{ budgetId, amount: 25n * DOLLAR, expiresAt: new Date(Date.now() + DAY_MS), note: 'К запуску' },
  ...more,
});

it('is granted to a budget, and revoked once', async () => {
  const granted = await credits.grant(wish());
  expect(granted).toEqual({
    ...{ tenantId: world.tenantId, id: granted.id, budgetId, amount: 25n * DOLLAR, consumed: 0n },
    ...{ remaining: 25n * DOLLAR, expiresAt: expect.any(Date), note: 'К запуску', revokedAt: null },
    ...{ createdAt: expect.any(Date), createdBy: expect.any(String) },
  });
  const second = await credits.grant(wish({ amount: 1n, note: null }));
  expect(await credits.ofBudgets([budgetId, newId(), 'none'])).toEqual([granted, second]);
  const revoked = await credits.revoke(granted.id);
  expect(revoked).toEqual({ ...granted, revokedAt: expect.any(Date), remaining: 0n });
  expect(await credits.revoke(granted.id)).toEqual(revoked);
  expect(await credits.locate(granted.id)).toEqual(revoked);
  const { items } = await world.system.audit.list(world.tenantId, { first: 100 });
  expect(items.filter(({ targetId }) => targetId === granted.id).map(({ action, detail }) => [action, detail])).toEqual(
    [
      ['credit.revoke', { before: expect.objectContaining({ revokedAt: null }), after: expect.any(Object) }],
      ['credit.grant', { after: expect.objectContaining({ amount: '25.000000000000', note: 'К запуску' }) }],
    ],
  );
});

it('has left what periods that are over did not use, and nothing once it has expired', async () => {
  const { id } = await credits.grant(wish());
  await world.database.dataSource.query('UPDATE budget_credit SET consumed = 20.5 WHERE id = $1', [id]);
  expect(await credits.locate(id)).toMatchObject({ consumed: 20_500_000_000_000n, remaining: 4_500_000_000_000n });
  await world.database.dataSource.query(`UPDATE budget_credit SET expires_at = now() WHERE id = $1`, [id]);
  const expired = await credits.locate(id);
  expect(expired).toMatchObject({ remaining: 0n, revokedAt: null });
  expect(await credits.revoke(id)).toEqual(expired);
});

it.each<[string, () => Partial<GrantCredit>, string]>([
  ['nothing', () => ({ amount: 0n }), 'amount'],
  ['less than nothing', () => ({ amount: -5n }), 'amount'],
  ['more than anybody has', () => ({ amount: 10n ** 21n + 1n }), 'amount'],
  ['an end in the past', () => ({ expiresAt: new Date(Date.now() - 1) }), 'expiresAt'],
  ['no end', () => ({ expiresAt: new Date(Number.NaN) }), 'expiresAt'],
  ['a long note', () => ({ note: 'ж'.repeat(501) }), 'note'],
  ['a note that PostgreSQL cannot hold', () => ({ note: 'a\0b' }), 'note'],
])('is not granted with %s', async (_, more, param) => {
  const refusal: unknown = await credits.grant(wish(more())).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InvalidRequest);
  expect(refusal).toMatchObject({ param });
  expect(await credits.ofBudgets([budgetId])).toEqual([]);
});

it('may have a note of 500 characters of any script', async () => {
  const note = '🙂'.repeat(250) + 'ж'.repeat(250);
  expect(await credits.grant(wish({ note }))).toMatchObject({ note });
});

it('is neither granted to nor seen of a budget that is deleted or another tenant’s', async () => {
  const theirs = await world.system.budgets.set({ tenantId: world.otherTenantId, limit: 1n, period: 'DAY' });
  const theirCredit = await world.system.credits.grant(wish({ budgetId: theirs.id }));
  await expect(credits.grant(wish({ budgetId: theirs.id }))).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(credits.revoke(theirCredit.id)).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(credits.locate(theirCredit.id)).rejects.toBeInstanceOf(ResourceNotFound);
  expect(await credits.ofBudgets([theirs.id])).toEqual([]);
  await world.system.budgets.delete(budgetId);
  for (const id of [budgetId, newId(), 'none'])
    await expect(credits.grant(wish({ budgetId: id }))).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(credits.revoke('none')).rejects.toBeInstanceOf(ResourceNotFound);
});

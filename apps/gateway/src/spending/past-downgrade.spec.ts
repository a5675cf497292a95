import { afterEach, expect, it } from 'vitest';
import { Lender } from '../../test/lender.js';
import { aBudget, aTenantView, KEY_ID, TENANT_ID } from '../../test/limited-tenant.js';
import { LimitMatcher } from './limit-matcher.js';
import { pastDowngrade } from './past-downgrade.js';

const lender = new Lender();
afterEach(() => lender[Symbol.asyncDispose]());

it('is the first budget of which the share is spent, to the pico-dollar', async () => {
  // 0.07 has no exact form in binary.
  const limit = 1_000_000_000_000n;
  lender.set('unmarked', limit);
  lender.set('marked', limit);
  const view = aTenantView([aBudget('unmarked'), aBudget('marked', { downgradeAt: 0.07 })]);
  const book = lender.book('holder');
  const { lines, allowances } = new LimitMatcher(book, () => view).budgets(
    { tenantId: TENANT_ID, teamId: null, keyId: KEY_ID },
    {},
  );
  const at = Date.now();
  const spend = async (amount: bigint): Promise<void> => {
    const patience = { until: performance.now() + 5000, signal: new AbortController().signal };
    (await book.take(allowances, at, amount, patience)).settle(amount, 0n);
  };
  expect(pastDowngrade(lines, at)).toBeUndefined();
  await spend(69_999_999_999n);
  expect(pastDowngrade(lines, at)).toBeUndefined();
  await spend(1n);
  expect(pastDowngrade(lines, at)?.budget.id).toBe('marked');
});

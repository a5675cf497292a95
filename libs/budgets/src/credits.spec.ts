import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOverage, effectiveLimit, overageOf } from './credits.js';
import type { AccountUse, OpenCredit } from './credits.js';

const credit = (id: string, amount: bigint, expiresAt: number, consumed = 0n): OpenCredit => ({
  ...{ id, amount, consumed, expiresAt },
});
const account = (id: string, committed: bigint, periodStart = 0, credited = 0n): AccountUse => ({
  ...{ id, periodStart, credited, committed },
});

describe('the limit of an account', () => {
  it('is the amount and what open credits have left', () => {
    expect(effectiveLimit(100n, account('a', 0n), [], [])).toBe(100n);
    expect(effectiveLimit(100n, account('a', 0n), [], [credit('c', 30n, 1, 10n), credit('d', 5n, 2)])).toBe(125n);
  });

  it('has what ended credits have paid for, which others do not have', () => {
    expect(effectiveLimit(100n, account('a', 120n, 0, 20n), [account('b', 90n)], [])).toBe(120n);
  });

  it('lacks what the budget’s other accounts use of the credits, and no more where they overspend', () => {
    const credits = [credit('c', 30n, 1)];
    expect(effectiveLimit(100n, account('a', 0n), [account('b', 110n), account('c', 50n)], credits)).toBe(120n);
    expect(effectiveLimit(100n, account('a', 0n), [account('b', 1_000n)], credits)).toBe(100n);
  });
});

describe('overage', () => {
  it('is what lies beyond the amount and what was credited', () => {
    expect(overageOf(100n, account('a', 130n, 0, 20n))).toBe(10n);
    expect(overageOf(100n, account('a', 90n))).toBe(0n);
  });

  it('is paid by credits that expire first, for older accounts first', () => {
    const credits = [credit('late', 50n, 9), credit('early', 20n, 1)];
    expect(attributeOverage(100n, [account('new', 130n, 7), account('old', 115n, 1)], credits)).toEqual([
      { creditId: 'early', accountId: 'old', amount: 15n },
      { creditId: 'early', accountId: 'new', amount: 5n },
      { creditId: 'late', accountId: 'new', amount: 25n },
    ]);
  });

  it('that no credit is left for is in no share', () => {
    expect(attributeOverage(100n, [account('a', 150n)], [credit('c', 30n, 1, 10n)])).toEqual([
      { creditId: 'c', accountId: 'a', amount: 20n },
    ]);
  });
});

const money = fc.bigInt({ min: 0n, max: 10n ** 20n });
const small = fc.bigInt({ min: 0n, max: 50n });
/** A budget's accounts and credits: large sums, or small ones that meet each other's edges. */
const budgets = fc.oneof(small, money).chain((scale) => {
  const sum = fc.bigInt({ min: 0n, max: scale });
  return fc.record({
    amount: sum,
    accounts: fc
      .array(fc.record({ periodStart: fc.nat(9), credited: sum, committed: sum }), { maxLength: 5 })
      .map((list) => list.map((one, index) => ({ ...one, id: `account ${index}` }))),
    credits: fc
      .array(fc.record({ amount: sum, share: fc.integer({ min: 0, max: 100 }), expiresAt: fc.nat(9) }), {
        maxLength: 5,
      })
      .map((list) =>
        list.map(({ share, ...one }, index) => ({
          ...one,
          id: `credit ${index}`,
          consumed: (one.amount * BigInt(share)) / 100n,
        })),
      ),
  });
});
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('credits, whatever their budgets do', () => {
  it('pay no more than they have, for no more than there is to pay, and for all of it if they can', () => {
    fc.assert(
      fc.property(budgets, ({ amount, accounts, credits }) => {
        const shares = attributeOverage(amount, accounts, credits);
        for (const share of shares) expect(share.amount).toBeGreaterThan(0n);
        for (const { id, ...one } of credits) {
          const paid = total(shares.filter(({ creditId }) => creditId === id).map((share) => share.amount));
          expect(one.consumed + paid).toBeLessThanOrEqual(one.amount);
        }
        for (const one of accounts) {
          const paid = total(shares.filter(({ accountId }) => accountId === one.id).map((share) => share.amount));
          expect(paid).toBeLessThanOrEqual(overageOf(amount, one));
        }
        const due = total(accounts.map((one) => overageOf(amount, one)));
        const available = total(credits.map((one) => one.amount - one.consumed));
        expect(total(shares.map((share) => share.amount))).toBe(due < available ? due : available);
      }),
      { numRuns: 5_000 },
    );
  });

  it('are never used twice: accounts that each keep their limit use no more than all credits have', () => {
    fc.assert(
      fc.property(budgets, fc.array(fc.nat(100)), ({ amount, accounts, credits }, percents) => {
        // One account after another takes a part of what its limit leaves it, as leases are lent.
        let taken: readonly AccountUse[] = accounts.map((one) => ({ ...one, credited: 0n, committed: 0n }));
        for (const [turn, percent] of percents.entries()) {
          const own = taken[turn % Math.max(1, taken.length)];
          if (!own) return;
          const others = taken.filter(({ id }) => id !== own.id);
          const free = effectiveLimit(amount, own, others, credits) - own.committed;
          expect(free).toBeGreaterThanOrEqual(0n);
          const next = { ...own, committed: own.committed + (free * BigInt(percent)) / 100n };
          taken = taken.map((one) => (one.id === own.id ? next : one));
        }
        const available = total(credits.map((one) => one.amount - one.consumed));
        expect(total(taken.map((one) => overageOf(amount, one)))).toBeLessThanOrEqual(available);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that end leave every account’s limit where it was, but for what they had left', () => {
    fc.assert(
      fc.property(budgets, fc.nat(), ({ amount, accounts, credits }, pick) => {
        const ended = credits[pick % Math.max(1, credits.length)];
        if (!ended) return;
        const due = total(accounts.map((one) => overageOf(amount, one)));
        if (due > total(credits.map((one) => one.amount - one.consumed))) return;
        const shares = attributeOverage(amount, accounts, credits).filter(({ creditId }) => creditId === ended.id);
        const left = ended.amount - ended.consumed - total(shares.map((share) => share.amount));
        const after = accounts.map((one) => ({
          ...one,
          credited:
            one.credited + total(shares.filter(({ accountId }) => accountId === one.id).map((share) => share.amount)),
        }));
        const open = credits.filter(({ id }) => id !== ended.id);
        for (const [index, one] of accounts.entries()) {
          const others = accounts.filter(({ id }) => id !== one.id);
          const othersAfter = after.filter(({ id }) => id !== one.id);
          const limitAfter = effectiveLimit(amount, after[index] ?? one, othersAfter, open);
          expect(limitAfter).toBe(effectiveLimit(amount, one, others, credits) - left);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

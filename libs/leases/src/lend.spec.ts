import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lend, type LentAccount, type LoanRequest } from './lend.js';

const ACCOUNT: LentAccount = { limit: 1000n, base: 0n, grantedToOthers: 0n, otherHolders: 0 };

function request(fields: Partial<LoanRequest>): LoanRequest {
  return { claim: 0n, spent: 0n, held: 0n, unconfirmed: 0n, need: 0n, want: 0n, ...fields };
}

describe('a loan', () => {
  it('is no more than half of what is free where one gateway wants all of it in store', () => {
    expect(lend(ACCOUNT, undefined, request({ want: 5000n }))).toEqual({
      ...{ granted: 500n, overdraft: 0n, short: false, unlent: 500n },
    });
  });

  it('is a smaller slice where others have leases, and the smaller the less is free', () => {
    const granted = (grantedToOthers: bigint) =>
      lend({ ...ACCOUNT, grantedToOthers, otherHolders: 3 }, undefined, request({ want: 5000n })).granted;
    expect([0n, 600n, 992n, 1000n].map(granted)).toEqual([125n, 50n, 1n, 0n]);
  });

  it('is what is wanted, where that is less', () => {
    expect(lend(ACCOUNT, undefined, request({ want: 70n, need: 30n })).granted).toBe(70n);
  });

  it('meets a need whole to the last of what is free, or not at all', () => {
    const account = { ...ACCOUNT, base: 300n, grantedToOthers: 600n, otherHolders: 9 };
    expect(lend(account, undefined, request({ need: 100n, want: 100n }))).toMatchObject({
      granted: 100n,
      short: false,
    });
    expect(lend(account, undefined, request({ need: 101n, want: 101n }))).toMatchObject({ granted: 0n, short: true });
  });

  it('keeps what the holder claims, though the limit is lowered below it', () => {
    const lowered = { ...ACCOUNT, limit: 10n };
    const claim = request({ claim: 400n, spent: 300n, need: 300n, want: 900n });
    expect(lend(lowered, { granted: 500n }, claim)).toEqual({
      ...{ granted: 400n, overdraft: 0n, short: false, unlent: 0n },
    });
  });

  it('gives back what the holder does not claim any more', () => {
    expect(lend(ACCOUNT, { granted: 500n }, request({ claim: 120n, spent: 100n, want: 120n })).granted).toBe(120n);
  });

  it('takes what was spent beyond the grant as a fact', () => {
    const overspent = request({ claim: 500n, spent: 900n, held: 150n, unconfirmed: 50n, need: 1100n });
    expect(lend(ACCOUNT, { granted: 500n }, overspent)).toEqual({
      ...{ granted: 1100n, overdraft: 600n, short: false, unlent: 0n },
    });
  });

  it('does not lend again what a store that was set back does not know to be lent', () => {
    const others = { ...ACCOUNT, grantedToOthers: 990n, otherHolders: 1 };
    expect(lend(others, undefined, request({ claim: 400n, spent: 5n, need: 5n, want: 400n })).granted).toBe(6n);
  });

  it('never brings what is lent above the limit, never is less than what is kept, and meets the need where it can', () => {
    const amount = fc.bigInt(0n, 10n ** 20n);
    const small = fc.bigInt(0n, 50n);
    const cases = fc.oneof(fc.constant(amount), fc.constant(small)).chain((any) =>
      fc.record({
        limit: any,
        base: any,
        others: any,
        lent: any,
        claim: any,
        spent: any,
        held: any,
        need: any,
        want: any,
      }),
    );
    fc.assert(
      fc.property(cases, fc.nat(5), ({ limit, base, others, lent, claim, spent, held, need, want }, otherHolders) => {
        const account = { limit, base, grantedToOthers: others, otherHolders };
        const honest = request({ claim: claim < lent ? claim : lent, spent, held, need, want });
        const { granted, short } = lend(account, { granted: lent }, honest);
        const used = spent + held;
        const kept = honest.claim > used ? honest.claim : used;
        const free = limit - base - others;
        expect(granted >= kept).toBe(true);
        if (granted > kept) expect(granted <= free).toBe(true);
        if (need <= free) expect(granted >= need).toBe(true);
        else expect(granted).toBe(kept);
        expect(short).toBe(need > granted);
        if (granted > kept && granted > need) expect(granted - kept <= (free - kept) / 2n).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

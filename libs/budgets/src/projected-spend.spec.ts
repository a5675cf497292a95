import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectedSpend } from './projected-spend.js';

type Standing = Parameters<typeof projectedSpend>[0];

const HOUR_MS = 3_600_000;
const standing = (spent: bigint, hours: number, former: Standing['former'] = null): Standing => ({
  ...{ spent, at: new Date(hours * HOUR_MS), periodStart: new Date(0), periodEnd: new Date(100 * HOUR_MS), former },
});
/** Right before, of 100 hours. */
const formerOf = (spent: bigint): Standing['former'] => ({
  ...{ spent, periodStart: new Date(-100 * HOUR_MS), periodEnd: new Date(0) },
});

describe('projected spend', () => {
  it('goes on at the pace so far where there was no period before', () => {
    expect(projectedSpend(standing(25n * 10n ** 12n, 25))).toBe(100n * 10n ** 12n);
    expect(projectedSpend(standing(0n, 50))).toBe(0n);
    expect(projectedSpend(standing(1n, 3))).toBe(33n);
    expect(projectedSpend(standing(1n, 40))).toBe(3n);
  });

  it('leans on the period before, the less the more has gone by', () => {
    // 10 % gone: a tenth of the pace is this period's, 10 an hour, and the rest the former one's, 1 an hour.
    expect(projectedSpend(standing(100n, 10, formerOf(100n)))).toBe(100n + (90n * 19n) / 10n);
    expect(projectedSpend(standing(900n, 90, formerOf(100n)))).toBe(900n + (10n * 91n) / 10n);
  });

  it('is not told for a budget without end, nor in the first hundredth', () => {
    expect(projectedSpend({ ...standing(5n, 50), periodEnd: null })).toBeNull();
    expect(projectedSpend(standing(5n, 0.999))).toBeNull();
    expect(projectedSpend(standing(5n, 1))).toBe(500n);
    expect(projectedSpend(standing(5n, -10))).toBeNull();
  });

  it('is what was spent once the period is over', () => {
    expect(projectedSpend(standing(5n, 50), 100 * HOUR_MS)).toBe(5n);
    expect(projectedSpend(standing(5n, 50, formerOf(100n)), 1_000 * HOUR_MS)).toBe(5n);
  });

  it('is never less than what is spent, and true where the pace stays, however large the sums', () => {
    const moment = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        moment,
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        (pace, hours, other) => {
          const spent = pace * BigInt(hours);
          expect(projectedSpend(standing(spent, hours))).toBe(pace * 100n);
          expect(projectedSpend(standing(spent, hours, formerOf(pace * 100n)))).toBe(pace * 100n);
          expect(projectedSpend(standing(spent, hours, formerOf(other)))).toBeGreaterThanOrEqual(spent);
        },
      ),
    );
  });
});

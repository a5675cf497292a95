import { expect, it } from 'vitest';
import { falseHitRate } from './false-hit-rate.js';

it('gives Wilson’s interval', () => {
  const { rate, low, high } = falseHitRate({ audits: 10, falseHits: 1 });
  expect(rate).toBe(0.1);
  expect(low).toBeCloseTo(0.0179, 3);
  expect(high).toBeCloseTo(0.4042, 3);
});

it('does not promise certainty after a few audits without a fault', () => {
  expect(falseHitRate({ audits: 20, falseHits: 0 })).toMatchObject({ rate: 0, low: 0 });
  expect(falseHitRate({ audits: 20, falseHits: 0 }).high).toBeCloseTo(0.161, 2);
  expect(falseHitRate({ audits: 5, falseHits: 5 }).high).toBe(1);
});

it('knows nothing without audits', () => {
  expect(falseHitRate({ audits: 0, falseHits: 0 })).toEqual({ rate: Number.NaN, low: 0, high: 1 });
});

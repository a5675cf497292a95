import { describe, expect, it } from 'vitest';
import { roundRatio } from './round-ratio.js';

const series = (...values: number[]) => values.map((value, round) => ({ round, value }));

describe('roundRatio', () => {
  it('compares within a round, so that a machine that slows down changes nothing', () =>
    expect(roundRatio(series(3, 6, 12), series(2, 4, 8))).toEqual({ min: 1.5, median: 1.5, max: 1.5 }));

  it('pairs rounds by their number, in whatever order they were measured', () =>
    expect(roundRatio(series(3, 6, 12), series(2, 4, 8).toReversed())?.median).toBe(1.5));

  it('takes the median of the ratios, not the ratio of the medians', () =>
    expect(roundRatio(series(1, 20, 9), series(1, 10, 3))).toEqual({ min: 1, median: 2, max: 3 }));

  it('leaves out what only one of them has', () =>
    expect(roundRatio(series(3, 5, 7), series(1, 0))).toEqual({ min: 3, median: 3, max: 3 }));

  it('is undefined where no round has both', () => {
    expect(roundRatio([], series(1))).toBeUndefined();
    expect(roundRatio(series(1), [{ round: 9, value: 1 }])).toBeUndefined();
  });
});

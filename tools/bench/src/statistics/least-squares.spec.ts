import { describe, expect, it } from 'vitest';
import { trendOf } from './least-squares.js';

describe('trendOf', () => {
  it('finds the line that the points stand on', () => {
    const points = [0, 10, 20, 30].map((x) => ({ x, y: 5 + 2 * x }));
    const { slope, change, mean } = trendOf(points);
    expect(slope).toBeCloseTo(2, 12);
    expect(change).toBeCloseTo(60, 12);
    expect(mean).toBeCloseTo(35, 12);
  });

  it('agrees with a worked example', () => {
    // x̄ = 3, ȳ = 4; Σ(x−x̄)(y−ȳ) = 6, Σ(x−x̄)² = 10.
    const points = [2, 4, 5, 4, 5].map((y, index) => ({ x: index + 1, y }));
    expect(trendOf(points)).toMatchObject({ slope: expect.closeTo(0.6, 12) as number, mean: 4 });
  });

  it('does not depend on the order', () => {
    const points = [3, 1, 2].map((x) => ({ x, y: x * x }));
    expect(trendOf(points).slope).toBeCloseTo(trendOf(points.toReversed()).slope, 12);
  });

  it.each([
    [[]],
    [[{ x: 1, y: 2 }]],
    [
      [
        { x: 1, y: 2 },
        { x: 1, y: 3 },
      ],
    ],
  ])('refuses what has no trend: %j', (points) => expect(() => trendOf(points)).toThrow(RangeError));
});

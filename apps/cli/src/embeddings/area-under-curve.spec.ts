import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from './area-under-curve.js';

const pairs = (right: readonly number[], wrong: readonly number[]) => [
  ...right.map((similarity) => ({ similarity, right: true })),
  ...wrong.map((similarity) => ({ similarity, right: false })),
];

describe('areaUnderCurve', () => {
  it.each([
    ['1 where every right pair is nearer', pairs([0.9, 0.8], [0.7, -0.2]), 1],
    ['0 where every wrong pair is', pairs([0.1], [0.2, 0.3]), 0],
    ['half for ties alone', pairs([0.5, 0.5], [0.5]), 0.5],
    ['the share of couples in the right order', pairs([0.9, 0.4], [0.6, 0.4]), 2.5 / 4],
  ])('is %s', (_what, scored, area) => expect(areaUnderCurve(scored)).toBeCloseTo(area, 12));

  it('is the count of couples, by the definition', () => {
    const right = Array.from({ length: 40 }, (_, index) => ((index * 37) % 23) / 23);
    const wrong = Array.from({ length: 30 }, (_, index) => ((index * 17) % 19) / 23);
    const couples = right.flatMap((one) => wrong.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
    const share = couples.reduce<number>((sum, couple) => sum + couple, 0) / couples.length;
    expect(areaUnderCurve(pairs(right, wrong))).toBeCloseTo(share, 12);
  });

  it('is null where there is nothing to tell apart', () => {
    expect(areaUnderCurve(pairs([0.9], []))).toBeNull();
    expect(areaUnderCurve(pairs([], [0.9]))).toBeNull();
  });
});

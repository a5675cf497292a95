import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areaUnderCurve } from './auc.js';
import { logisticRegression, scoreOf, type Example } from './logistic-regression.js';
import { mean, meanInterval } from './mean-interval.js';
import { randomOf, shuffled } from './random.js';

it('measures how often a positive scores above a negative, ties by half', () => {
  const of = (...scores: readonly (readonly [number, boolean])[]): number =>
    areaUnderCurve(scores.map(([score, positive]) => ({ score, positive })));
  expect(of([1, true], [0, false])).toBe(1);
  expect(of([0, true], [1, false])).toBe(0);
  expect(of([1, true], [1, false])).toBe(0.5);
  expect(of([3, true], [2, false], [1, true], [0, false])).toBe(0.75);
  expect(of([1, true])).toBeNaN();
});

it('finds the weights that made the data', () => {
  const random = randomOf(7);
  const examples: Example[] = Array.from({ length: 20_000 }, () => {
    const features = [1, random() * 4 - 2, random() * 4 - 2];
    return { features, right: random() < 1 / (1 + Math.exp(-scoreOf([0.5, 2, -1], features))) };
  });
  const [intercept = 0, first = 0, second = 0] = logisticRegression(examples, 1);
  expect(intercept).toBeCloseTo(0.5, 0);
  expect(first).toBeCloseTo(2, 0);
  expect(second).toBeCloseTo(-1, 0);
});

it('shuffles so that nothing is lost, and the same for the same seed', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer(), (count, seed) => {
      const order = shuffled(count, randomOf(seed));
      expect([...order].sort((left, right) => left - right)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
      expect(shuffled(count, randomOf(seed))).toEqual(order);
    }),
  );
});

it('gives Student’s interval of a mean', () => {
  const [low, high] = meanInterval([1, 2, 3]);
  expect(mean([1, 2, 3])).toBe(2);
  expect(low).toBeCloseTo(2 - 4.3 / Math.sqrt(3), 5);
  expect(high).toBeCloseTo(2 + 4.3 / Math.sqrt(3), 5);
  expect(meanInterval([5])).toEqual([5, 5]);
});

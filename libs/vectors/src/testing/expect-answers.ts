import type { VectorMatch } from '@parsimony/contract';
import { expect } from 'vitest';

/** Half precision, quantising and other sums of the same numbers move a similarity by less. */
const TOLERANCE = 0.003;

/**
 * Holds a store's answer against the model's: the same number of matches, each of them one that the model knows with
 * nearly that similarity, and nothing nearer left out. Points that are equally near may come in any order.
 */
export function expectAnswer(answer: readonly VectorMatch[], all: readonly VectorMatch[], limit: number): void {
  const expected = all.slice(0, limit);
  const known = new Map(all.map(({ id, similarity }) => [id, similarity]));
  expect(answer.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
  expect(answer).toHaveLength(expected.length);
  expect(new Set(answer.map(({ id }) => id)).size).toBe(answer.length);
  answer.forEach(({ id, similarity }, place) => {
    expect(Math.abs(similarity - (known.get(id) ?? NaN))).toBeLessThan(TOLERANCE);
    expect(Math.abs(similarity - (expected[place]?.similarity ?? NaN))).toBeLessThan(TOLERANCE);
  });
}

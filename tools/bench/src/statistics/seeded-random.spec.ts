import { expect, it } from 'vitest';
import { seededRandom } from './seeded-random.js';

const first = (seed: number) => Array.from({ length: 2_000 }, seededRandom(seed));

it('is the same for the same seed, and another one for another', () => {
  expect(first(7)).toEqual(first(7));
  expect(first(7)).not.toEqual(first(8));
});

it('spreads evenly over 0 to 1', () => {
  const numbers = first(1);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  for (let tenth = 0; tenth < 10; tenth++)
    expect(numbers.filter((number) => Math.floor(number * 10) === tenth).length).toBeGreaterThan(150);
});

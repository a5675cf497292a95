import { expect, it } from 'vitest';
import { BucketSums } from './bucket-sums.js';

it('counts a value in the first bucket whose bound it does not exceed', () => {
  const sums = new BucketSums([1, 2, 5]);
  for (const value of [0, 1, 1.5, 2, 5, 5.1, 1e9]) sums.observe(value);
  expect(sums.counts).toEqual([2, 2, 1, 2]);
  expect([sums.count, sums.sum]).toEqual([7, 1e9 + 14.6]);
});

import { describe, expect, it } from 'vitest';
import { percentile } from './percentile.js';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0.001, 1],
  ])('%d of 1 to 100 is %d', (part, value) => expect(percentile(hundred, part)).toBe(value));

  it('orders by value, not by text', () => expect(percentile([10, 9, 100], 0.5)).toBe(10));
  it('refuses nothing', () => expect(() => percentile([], 0.5)).toThrow(RangeError));
});

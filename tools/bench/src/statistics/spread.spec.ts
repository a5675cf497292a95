import { describe, expect, it } from 'vitest';
import { formatSpread, spreadOf } from './spread.js';

describe('spreadOf', () => {
  it('orders by value, not by text', () => expect(spreadOf([10, 9, 100])).toEqual({ min: 9, median: 10, max: 100 }));
  it('takes the middle of two', () => expect(spreadOf([1, 2, 4, 9]).median).toBe(3));
  it('refuses nothing', () => expect(() => spreadOf([])).toThrow(RangeError));
});

it('is written with its unit', () =>
  expect(formatSpread({ min: 1, median: 2, max: 3.456 }, 2, 's')).toBe('2.00 s (1.00–3.46)'));

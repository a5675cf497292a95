import { describe, expect, test } from 'vitest';
import { DateTimeScalar } from './date-time.scalar.js';
import { JsonScalar } from './json.scalar.js';
import { MoneyScalar } from './money.scalar.js';

describe('DateTime', () => {
  test.each([
    ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24t13:00:00.123456+03:00', '2026-11-24T10:00:00.123Z'],
  ])('reads %s', (text, moment) => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(text))).toBe(moment);
  });

  test.each(['2026-11-24', '2026-11-24T10:00:00', '2026-02-30T25:00:00Z', 'now', 0, null, {}])(
    'refuses %j',
    (value) => {
      expect(() => DateTimeScalar.parseValue(value)).toThrow(/RFC 3339/);
    },
  );
});

describe('Money', () => {
  test('is exact both ways', () => {
    expect(MoneyScalar.parseValue('0.000000000001')).toBe(1n);
    expect(MoneyScalar.serialize(100_000_000_000_000_001n)).toBe('100000.000000000001');
  });

  test.each([0.1, 1, '0.0000000000001', '1e3', '', null])('refuses %j', (value) => {
    expect(() => MoneyScalar.parseValue(value)).toThrow(/decimal USD/);
  });

  test('never shows a float', () => {
    expect(() => MoneyScalar.serialize(0.1)).toThrow();
  });
});

test('JSON is taken as it is, to a depth', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: [nested(depth - 1)] });
  expect(JsonScalar.parseValue(nested(50))).toEqual(nested(50));
  expect(() => JsonScalar.parseValue(nested(51))).toThrow(/levels deep/);
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatUsd, parseUsd } from './money.js';

const LARGEST = 10n ** 30n - 1n;

/** Amounts of every magnitude up to the largest that `parseUsd` reads, either sign. */
function randomAmount(): bigint {
  const bytes = randomBytes(13);
  const bits = 1 + ((bytes[0] ?? 0) % 96);
  const magnitude = BigInt(`0x${bytes.subarray(1).toString('hex')}`) & ((1n << BigInt(bits)) - 1n);
  return (bytes[1] ?? 0) % 2 === 0 ? magnitude : -magnitude;
}

describe('formatUsd and parseUsd', () => {
  it('give every amount back exactly', () => {
    for (let round = 0; round < 5_000; round += 1) {
      const amount = randomAmount();
      expect(parseUsd(formatUsd(amount))).toBe(amount);
    }
    for (const amount of [LARGEST, -LARGEST, 0n, 1n, -1n, 10n ** 12n]) expect(parseUsd(formatUsd(amount))).toBe(amount);
  });

  it('write what they read in one form, with twelve places', () => {
    for (let round = 0; round < 1_000; round += 1) {
      const text = formatUsd(randomAmount());
      expect(text).toMatch(/^-?\d+\.\d{12}$/);
      expect(formatUsd(parseUsd(text))).toBe(text);
    }
  });

  it('order amounts as the texts do in numbers', () => {
    for (let round = 0; round < 1_000; round += 1) {
      const [small, large] = [randomAmount() % 10n ** 15n, randomAmount() % 10n ** 15n].toSorted((a, b) =>
        a < b ? -1 : 1,
      ) as [bigint, bigint];
      expect(Number(formatUsd(small))).toBeLessThanOrEqual(Number(formatUsd(large)));
    }
  });
});

describe('formatUsd', () => {
  it.each([
    [0n, '0.000000000000'],
    [1n, '0.000000000001'],
    [-1n, '-0.000000000001'],
    [123_000_000n, '0.000123000000'],
    [2_500_000_000_000n, '2.500000000000'],
    [-2_500_000_000_000n, '-2.500000000000'],
    [1_234_567_890_123_456_789_012n, '1234567890.123456789012'],
  ])('%s pico-dollars', (amount, text) => expect(formatUsd(amount)).toBe(text));
});

describe('parseUsd', () => {
  it.each([
    ['0', 0n],
    ['-0', 0n],
    ['7', 7_000_000_000_000n],
    ['0.1', 100_000_000_000n],
    ['0.000000000001', 1n],
    ['-12.5', -12_500_000_000_000n],
    ['007.50', 7_500_000_000_000n],
    ['999999999999999999.999999999999', LARGEST],
  ])('reads %s', (text, amount) => expect(parseUsd(text)).toBe(amount));

  it.each([
    '',
    ' ',
    '.5',
    '5.',
    '+5',
    '--5',
    '1e-3',
    '1,5',
    '1_000',
    '$5',
    '5 ',
    ' 5',
    '5\n',
    '0x10',
    'NaN',
    'Infinity',
    '٣',
    '1.2.3',
    '0.0000000000001',
    '1000000000000000000',
  ])('refuses %j', (text) => expect(() => parseUsd(text)).toThrow(RangeError));
});

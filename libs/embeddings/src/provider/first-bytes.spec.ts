import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstBytes } from './first-bytes.js';

describe('firstBytes', () => {
  it.each([
    ['short', 100, 'short'],
    ['exactly', 7, 'exactly'],
    ['too long', 3, 'too'],
    ['Привет', 12, 'Привет'],
    ['Привет', 5, 'Пр'],
    ['a😀b', 4, 'a'],
    ['a😀b', 5, 'a😀'],
    ['日本語', 8, '日本'],
    ['', 0, ''],
  ])('cuts %j at %i bytes', (text, bytes, expected) => {
    expect(firstBytes(text, bytes)).toBe(expected);
  });

  it('gives a beginning that fits, and no shorter one than need be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, bytes) => {
        const first = firstBytes(text, bytes);
        expect(text.startsWith(first)).toBe(true);
        expect(Buffer.byteLength(first)).toBeLessThanOrEqual(bytes);
        const next = String.fromCodePoint(text.slice(first.length).codePointAt(0) ?? 0);
        if (first !== text) expect(Buffer.byteLength(first + next)).toBeGreaterThan(bytes);
      }),
    );
  });
});

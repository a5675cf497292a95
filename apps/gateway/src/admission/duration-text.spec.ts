import { expect, it } from 'vitest';
import { durationText } from './duration-text.js';

it.each([
  [0, '0ms'],
  [120, '120ms'],
  [1000, '1s'],
  [1234, '1.234s'],
  [59_999, '59.999s'],
  [360_000, '6m0s'],
  [72_500, '1m12.5s'],
  [3_600_000, '1h0m0s'],
])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

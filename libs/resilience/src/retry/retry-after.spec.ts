import { ProviderTimeout } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { anErrorAnswer } from '../../test/provider-errors.js';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 30);

it.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['a fraction, which some providers send', { 'retry-after': '0.5' }, 500],
  ['milliseconds before seconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  ['a date', { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, 7000],
  ['a date of RFC 850', { 'retry-after': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 7000],
  ['a date of asctime', { 'retry-after': 'Sun Nov  6 08:49:37 1994' }, 7000],
  ['a date that is past', { 'retry-after': 'Sun, 06 Nov 1994 08:49:07 GMT' }, 0],
])('reads %s', (_, headers, expected) => {
  expect(retryAfterMs(anErrorAnswer(429, headers), NOW)).toBe(expected);
});

it.each([
  '',
  '-5',
  'soon',
  '1e9',
  '99999999999999999999',
  'Infinity',
  '2026-11-24',
  'Sun, 99 Nov 1994 99:99:99 GMT',
  `Sun${' '.repeat(9000)}`,
])('takes %j for nothing', (value) => {
  expect(retryAfterMs(anErrorAnswer(429, { 'retry-after': value }), NOW)).toBeUndefined();
});

it('finds nothing where there is no header', () => {
  expect(retryAfterMs(new ProviderTimeout('silent'), NOW)).toBeUndefined();
  expect(retryAfterMs('a text', NOW)).toBeUndefined();
});

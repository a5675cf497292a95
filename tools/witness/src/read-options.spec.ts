import { parseUsd } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { readOptions } from './read-options.js';

const GOOD = ['--base-url', 'http://a:1/v1/', '--key', 'k', '--bill', 'http://b/bill', '--cap', '1.00'];

it('reads what must be there and fills in the rest', () => {
  expect(readOptions([...GOOD, '--base-url', 'https://c', '--json'])).toEqual({
    json: true,
    options: {
      baseUrls: ['http://a:1/v1', 'https://c'],
      key: 'k',
      billUrl: 'http://b/bill',
      billKey: undefined,
      cap: parseUsd('1'),
      model: 'gpt-4.1-mini',
      callers: 250,
      seed: 1,
      largestAnswer: 2_000,
      streams: 0.25,
      stopAfterRefusals: 3,
      timeoutMs: 120_000,
    },
  });
});

it.each(['base-url', 'key', 'bill', 'cap'])('says that --%s is missing', (name) => {
  const at = GOOD.indexOf(`--${name}`);
  expect(() => readOptions(GOOD.toSpliced(at, 2))).toThrow(`--${name} is missing`);
});

it.each([
  ['base-url', 'localhost:4000'],
  ['base-url', 'nonsense'],
  ['bill', 'file:///bill'],
  ['cap', '1 dollar'],
  ['cap', '0'],
  ['cap', '-1'],
  ['cap', '0.0000000000001'],
  ['callers', '0'],
  ['callers', '2.5'],
  ['callers', ''],
  ['seed', '-1'],
  ['largest-answer', '15'],
  ['streams', '1.5'],
  ['streams', 'много'],
  ['stop-after-refusals', '0'],
  ['timeout', 'soon'],
  ['key', ' '],
])('refuses --%s %s by name', (name, value) => {
  expect(() => readOptions([...GOOD, `--${name}=${value}`])).toThrow(`--${name}`);
});

it('refuses what it does not know', () => expect(() => readOptions([...GOOD, '--caps', '1'])).toThrow('--caps'));

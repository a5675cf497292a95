import { expect, it } from 'vitest';
import { atLeast, atMost, exactly } from './finding.js';
import { machineLine } from './machine.js';
import { findingsTable } from './measure.js';

it('says what was met and what was missed', () => {
  const table = findingsTable([
    atMost('start', 3, 6, (value) => `${value} s`),
    atMost('start', 7, 6, (value) => `${value} s`),
    atLeast('speed', 0.65, 0.65, String),
    exactly('calls', 1n, 2n),
  ]);
  expect(
    table
      .split('\n')
      .slice(2)
      .map((line) => line.split(/\s{2,}/)),
  ).toEqual([
    ['start', '3 s', '≤ 6 s', 'met'],
    ['start', '7 s', '≤ 6 s', 'MISSED'],
    ['speed', '0.65', '≥ 0.65', 'met'],
    ['calls', '1', '2', 'MISSED'],
  ]);
});

it('names date, processor, cores and Node', () => {
  expect(machineLine(new Date(0))).toMatch(
    /^1970-01-01T00:00:00\.000Z · .+ · \d+ cores · \d+ GiB · Node v\d+\.\d+\.\d+$/,
  );
});

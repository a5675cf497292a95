import { parseUsd } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { reportJson, reportLines, shareOf, type WitnessReport } from './witness-report.js';

const REPORT: WitnessReport = {
  answered: 12,
  cut: 2,
  refused: [
    { reason: '402 budget_exceeded', calls: 5 },
    { reason: '429', calls: 1 },
  ],
  failed: [],
  busy: 0,
  callers: { refused: 2, gaveUp: 0, stopped: 0 },
  bill: parseUsd('3.86'),
  cap: parseUsd('1'),
  overshoot: parseUsd('2.86'),
  share: 3.86,
  seconds: 4.25,
};

it('says what a reader wants to know', () => {
  expect(reportLines(REPORT)).toEqual([
    'answered   12 calls, 2 of them with fewer tokens than they asked for',
    'refused    6 calls (5 × 402 budget_exceeded, 1 × 429)',
    'failed     0 calls',
    'callers    2 refused for good, 0 gave up, 0 stopped by the timeout',
    'bill       $3.860000000000',
    'cap        $1.000000000000',
    'overshoot  $2.860000000000: 3.860 × the cap was spent',
    'spent      386.000 % of the cap before the last refusal',
    'seconds    4.3',
  ]);
});

it('keeps money exact in JSON', () => {
  expect(JSON.parse(reportJson({ ...REPORT, bill: 1n }))).toMatchObject({
    bill: '0.000000000001',
    cap: '1.000000000000',
  });
});

it('does not round up to the cap', () => {
  expect(shareOf(parseUsd('1') - 1n, parseUsd('1'))).toBe(0.999999);
  expect(shareOf(10n ** 40n, 10n ** 12n)).toBe(1e28);
});

import { parseUsd } from '@parsimony/contract';
import type { WitnessReport } from '@parsimony/witness';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../report/finding.js';
import type { CallResult } from '../reliability/caller.js';
import type { Audit } from './audit.js';
import type { CapRun } from './cap-run.js';
import { capLines, judgeKills, judgeShare } from './judge-cap.js';
import { judgeRestart } from './judge-restart.js';
import { judgeThroughput } from './judge-throughput.js';
import { partsOf } from './parts.js';
import { judgeModel } from './run-model.js';
import type { RestartRun } from './run-restart.js';
import type { ThroughputRound } from './run-throughput.js';

const missed = (findings: readonly Finding[]) => findings.filter(({ met }) => !met).map(({ what }) => what);

const CAP = parseUsd('1');
const BILL = parseUsd('0.99');
const REPORT: WitnessReport = {
  answered: 10,
  cut: 1,
  refused: [{ reason: '402 budget_exceeded', calls: 3 }],
  failed: [],
  busy: 0,
  callers: { refused: 1, gaveUp: 0, stopped: 0 },
  bill: BILL,
  cap: CAP,
  overshoot: 0n,
  share: 0.99,
  seconds: 2,
};
const AUDIT: Audit = {
  ledger: BILL,
  standing: { spent: BILL, reserved: 0n, unconfirmed: 0n, remaining: CAP - BILL, lost: 0 },
  doubled: 0,
  inexact: 0,
};
const run = (rest: { report?: Partial<WitnessReport>; audit?: Partial<Audit>; killed?: number } = {}): CapRun => ({
  seed: 1,
  report: { ...REPORT, ...rest.report },
  audit: { ...AUDIT, ...rest.audit },
  killed: rest.killed ?? 0,
});

describe('without kills', () => {
  const judged = (...runs: readonly CapRun[]) => missed(judgeShare('x', runs));

  it('is content with all seeds that held', () => expect(judged(run(), run())).toEqual([]));

  it.each<[string, CapRun]>([
    ['x: largest bill of 2 seeds', run({ report: { bill: CAP + 1n }, audit: { ledger: CAP + 1n } })],
    [
      'x: seeds in which every caller was refused in the end',
      run({ report: { callers: { refused: 1, gaveUp: 0, stopped: 1 } } }),
    ],
    ['x: seeds with a call twice in the ledger', run({ audit: { doubled: 1 } })],
    ['x: smallest share that could be spent', run({ report: { share: 0.9699 } })],
    ['x: seeds in which the ledger is not the bill', run({ audit: { ledger: BILL - 1n } })],
  ])('notices: %s', (what, bad) => expect(judged(run(), bad)).toEqual([what]));

  it('proves nothing without a seed', () => expect(judgeShare('x', [])[0]?.met).toBe(false));
});

describe('with kills', () => {
  const held = (ledger: bigint, unconfirmed: bigint) =>
    run({ killed: 2, audit: { ledger, standing: { ...AUDIT.standing, spent: ledger, unconfirmed }, inexact: 4 } });
  const judged = (bad: CapRun) => missed(judgeKills('x', [held(BILL - 5n, 5n), bad], 2));

  it('is content where what is not in the ledger is held as unconfirmed', () =>
    expect(judged(held(BILL - 5n, 7n))).toEqual([]));

  it.each<[string, CapRun]>([
    ['x: seeds in which spent ≤ bill ≤ spent + unconfirmed does not hold', held(BILL - 5n, 4n)],
    ['x: seeds in which spent ≤ bill ≤ spent + unconfirmed does not hold', held(BILL + 1n, 4n)],
    ['x: gateways killed', { ...held(BILL, 0n), killed: 1 }],
  ])('notices: %s', (what, bad) => expect(judged(bad)).toEqual([what]));

  it('shows what nobody knows', () =>
    expect(capLines(held(BILL - 5n, 7n)).at(-1)).toBe(
      '  books      ledger $0.989999999995, unconfirmed $0.000000000007 of 4 calls, remaining $0.010000000000',
    ));
});

describe('a restart of the service', () => {
  const call = (problem?: string): CallResult => ({
    outcome: problem === undefined ? 'answered' : 'failed',
    stream: false,
    latencyMs: 1,
    problem,
  });
  const restart = (rest: Partial<RestartRun> = {}): RestartRun => ({
    results: [call()],
    restarts: 2,
    audit: AUDIT,
    bill: BILL,
    ...rest,
  });

  it('is content where nobody noticed', () => expect(missed(judgeRestart(restart()))).toEqual([]));

  it.each<[string, Partial<RestartRun>]>([
    ['restart: times that the service was killed under load', { restarts: 1 }],
    ['restart: calls that were refused', { results: [call('503 {"error":{"code":"budgets_unavailable"}}')] }],
    ['restart: calls that failed otherwise', { results: [call('ECONNRESET')] }],
    ['restart: ledger, and what the budget says is spent, against the bill', { bill: BILL + 1n }],
  ])('notices: %s', (what, rest) => expect(missed(judgeRestart(restart(rest)))).toEqual([what]));
});

it('compares requests/s within a round', () => {
  const load = (rate: number, failed = 0) => ({ calls: rate, rate, failed });
  const rounds = (nested: number, failed = 0): ThroughputRound[] =>
    [1, 2, 4].map((speed, round) => ({ round, without: load(1_000 * speed), nested: load(nested * speed, failed) }));
  expect(missed(judgeThroughput(rounds(951)))).toEqual([]);
  expect(missed(judgeThroughput(rounds(949)))).toEqual(['requests/s with four nested budgets, of those without']);
  expect(missed(judgeThroughput(rounds(951, 1)))).toEqual(['throughput: failed calls']);
});

it('counts a skipped model as failed', () => {
  const spec = (status: string) => ({ fullName: 'the protocol', status });
  expect(missed(judgeModel([spec('passed')], 10))).toEqual([]);
  expect(judgeModel([spec('passed'), spec('skipped')], 10)[0]).toMatchObject({
    measured: '1',
    target: '2',
    met: false,
  });
});

it('runs all parts, or those that are named', () => {
  expect(partsOf(undefined)).toHaveLength(7);
  expect(partsOf('share, model')).toEqual(['share', 'model']);
  expect(() => partsOf('kill')).toThrow("there is no 'kill'; there are kills, share,");
});

import { expect, it } from 'vitest';
import type { CallResult } from '../reliability/caller.js';
import { judgeRolling, type RollingRun } from './judge-rolling.js';

const result = (stream: boolean, outcome: CallResult['outcome'] = 'answered'): CallResult => ({
  stream,
  outcome,
  latencyMs: 1,
  problem: undefined,
});
const run = (rest: Partial<RollingRun> = {}): RollingRun => ({
  results: [result(true), result(false)],
  callsInLedger: 2,
  comparison: { lines: [], ledger: 1n, bill: 1n, agree: true },
  replaced: 6,
  meant: 6,
  ...rest,
});
const missed = (of: RollingRun) =>
  judgeRolling(of)
    .filter(({ met }) => !met)
    .map(({ what }) => what);

it('is content where every process was replaced and nobody noticed', () => expect(missed(run())).toEqual([]));

it.each<[string, Partial<RollingRun>]>([
  ['processes that were replaced under load', { replaced: 5 }],
  ['failed calls, whole', { results: [result(true), result(false, 'failed')] }],
  ['failed calls, streams', { results: [result(true, 'broken-off'), result(false)] }],
  ['calls in the ledger', { callsInLedger: 3 }],
  ['ledger against the bill, by model', { comparison: { lines: [], ledger: 1n, bill: 1n, agree: false } }],
])('notices: %s', (what, rest) => expect(missed(run(rest))).toEqual([what]));

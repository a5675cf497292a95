import { exactly, type Finding } from '../report/finding.js';
import { ratioAtLeast } from '../report/ratio-finding.js';
import { roundRatio } from '../statistics/round-ratio.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';
import type { PinnedRun } from './pinned-gateway.js';

/** Of twice as much, what two processes on two cores must reach. */
const TWO_AT_LEAST = 1.7;

/** One round: one process on one core, then two on two, or the other way round. */
export interface ProcessRound {
  readonly round: number;
  readonly one: PinnedRun;
  readonly two: PinnedRun;
}

export function judgeProcesses(rounds: readonly ProcessRound[]): Finding[] {
  const rates = (of: (round: ProcessRound) => PinnedRun) =>
    rounds.map((each) => ({ round: each.round, value: of(each).rate }));
  const failed = rounds.reduce((sum, { one, two }) => sum + one.failed + two.failed, 0);
  return [
    ratioAtLeast(
      'requests/s of 2 processes on 2 cores, of 1 on 1',
      roundRatio(
        rates(({ two }) => two),
        rates(({ one }) => one),
      ),
      TWO_AT_LEAST,
    ),
    exactly('failed calls', failed, 0),
  ];
}

/** Rate and CPU of both; CPU per call tells what it costs to share the machine. */
export function processLines(rounds: readonly ProcessRound[]): string[] {
  const line = (name: string, runs: readonly PinnedRun[]): string => {
    const rate = formatSpread(spreadOf(runs.map((run) => run.rate)), 0, 'requests/s');
    const cpu = formatSpread(spreadOf(runs.map((run) => run.cpu)), 0, 'µs');
    return `${name}: ${rate}; CPU of the gateway per call ${cpu}`;
  };
  return [
    line(
      '1 process, everything on 1 core',
      rounds.map(({ one }) => one),
    ),
    line(
      '2 processes, everything on 2 cores',
      rounds.map(({ two }) => two),
    ),
  ];
}

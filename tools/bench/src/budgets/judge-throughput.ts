import { exactly, type Finding } from '../report/finding.js';
import { ratioAtLeast } from '../report/ratio-finding.js';
import { roundRatio } from '../statistics/round-ratio.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';
import type { LoadResult } from '../processes/load-result.js';
import type { ThroughputRound } from './run-throughput.js';

const KEPT_AT_LEAST = 0.95;

export function judgeThroughput(rounds: readonly ThroughputRound[]): Finding[] {
  const rates = (of: (round: ThroughputRound) => LoadResult) =>
    rounds.map((each) => ({ round: each.round, value: of(each).rate }));
  const ratio = roundRatio(
    rates(({ nested }) => nested),
    rates(({ without }) => without),
  );
  const failed = rounds.reduce((sum, { nested, without }) => sum + nested.failed + without.failed, 0);
  return [
    ratioAtLeast('requests/s with four nested budgets, of those without', ratio, KEPT_AT_LEAST),
    exactly('throughput: failed calls', failed, 0),
  ];
}

export function throughputLines(rounds: readonly ThroughputRound[]): string[] {
  const line = (name: string, of: (round: ThroughputRound) => LoadResult): string =>
    `${name}: ${formatSpread(spreadOf(rounds.map((round) => of(round).rate)), 0, 'requests/s')}`;
  return [line('without budgets', ({ without }) => without), line('four nested budgets', ({ nested }) => nested)];
}

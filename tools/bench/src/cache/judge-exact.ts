import { atLeast, exactly, type Finding } from '../report/finding.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';
import { HELLO, OURS, type ExactRun } from './run-exact.js';

const MOST_ADDED_MICROSECONDS = 250;
/** All but the first calls, which brought the answer. */
const HITS_AT_LEAST = 0.99;

export function judgeExact({ rounds, outcomes }: ExactRun): Finding[] {
  const added = rounds.flatMap((round) => {
    const p50 = (name: string): number | undefined => round.find(({ target }) => target === name)?.p50;
    const [ours, hello] = [p50(OURS), p50(HELLO)];
    return ours === undefined || hello === undefined ? [] : [ours - hello];
  });
  const calls = outcomes.reduce((sum, each) => sum + each.calls, 0);
  const hits = outcomes.find(({ key }) => key?.toLowerCase() === 'exact')?.calls ?? 0;
  const errors = rounds.flat().reduce((sum, each) => sum + (each.failed === undefined ? (each.errors ?? 0) : 1), 0);
  return [
    addedFinding(added),
    atLeast('exact hits of those calls', calls === 0 ? 0 : hits / calls, HITS_AT_LEAST, percent),
    exactly('exact: errors', errors, 0),
  ];
}

function addedFinding(added: readonly number[]): Finding {
  const what = `exact hit, added p50 at c=1 over ${HELLO}`;
  const target = `≤ ${MOST_ADDED_MICROSECONDS} µs`;
  if (added.length === 0) return { what, measured: 'not measured', target, met: false };
  const spread = spreadOf(added);
  return { what, measured: formatSpread(spread, 0, 'µs'), target, met: spread.median <= MOST_ADDED_MICROSECONDS };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

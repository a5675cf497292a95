import type { Finding } from '../report/finding.js';
import { formatSpread, type Spread } from '../statistics/spread.js';
import { addedRatioOf, ratioOf } from './compare-rounds.js';
import type { HarnessRound } from './harness-report.js';

const OURS = 'parsimony';

/** The rounds of unary calls against the targets. */
export function judgeWhole(rounds: readonly HarnessRound[]): Finding[] {
  return [
    least('requests/s at c=64, of floor-proxy', ratioOf(rounds, 64, 'rps', [OURS, 'floor-proxy']), 0.65),
    least('requests/s at c=64, of portkey', ratioOf(rounds, 64, 'rps', [OURS, 'portkey']), 6),
    most('added p50 at c=1, of floor-fastify’s', addedRatioOf(rounds, 1, 'p50', [OURS, 'floor-fastify']), 1.3),
    errors('errors, whole answers', rounds),
  ];
}

/** The rounds of paced streams against the targets. */
export function judgeStreams(rounds: readonly HarnessRound[]): Finding[] {
  const added = addedRatioOf(rounds, 64, 'ttfb50', [OURS, 'floor-fastify']);
  return [
    most('added time to first byte, 64 streams, of floor-fastify’s', added, 1.5),
    errors('errors, streams', rounds),
  ];
}

function least(what: string, spread: Spread | undefined, limit: number): Finding {
  return finding(what, spread, `≥ ${limit}`, (median) => median >= limit);
}

function most(what: string, spread: Spread | undefined, limit: number): Finding {
  return finding(what, spread, `≤ ${limit}`, (median) => median <= limit);
}

/** A target that was not measured is not met: its peer may be missing, or may have failed. */
function finding(
  what: string,
  spread: Spread | undefined,
  target: string,
  holds: (median: number) => boolean,
): Finding {
  if (!spread) return { what, measured: 'not measured', target, met: false };
  return { what, measured: `${formatSpread(spread, 2)} ×`, target: `${target} ×`, met: holds(spread.median) };
}

function errors(what: string, rounds: readonly HarnessRound[]): Finding {
  const ours = rounds.filter(({ target }) => target === OURS);
  const count = ours.reduce((sum, round) => sum + (round.failed === undefined ? (round.errors ?? 0) : 1), 0);
  return { what, measured: String(count), target: '0', met: count === 0 };
}

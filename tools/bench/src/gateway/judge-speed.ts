import type { Finding } from '../report/finding.js';
import { ratioAtLeast, ratioAtMost } from '../report/ratio-finding.js';
import { addedRatioOf, ratioOf } from './compare-rounds.js';
import type { HarnessRound } from './harness-report.js';

const OURS = 'parsimony';

/** The rounds of unary calls against the targets. */
export function judgeWhole(rounds: readonly HarnessRound[]): Finding[] {
  return [
    ratioAtLeast('requests/s at c=64, of floor-proxy', ratioOf(rounds, 64, 'rps', [OURS, 'floor-proxy']), 0.65),
    ratioAtLeast('requests/s at c=64, of portkey', ratioOf(rounds, 64, 'rps', [OURS, 'portkey']), 6),
    ratioAtMost('added p50 at c=1, of floor-fastify’s', addedRatioOf(rounds, 1, 'p50', [OURS, 'floor-fastify']), 1.3),
    errors('errors, whole answers', rounds),
  ];
}

/** The rounds of paced streams against the targets. */
export function judgeStreams(rounds: readonly HarnessRound[]): Finding[] {
  const added = addedRatioOf(rounds, 64, 'ttfb50', [OURS, 'floor-fastify']);
  return [
    ratioAtMost('added time to first byte, 64 streams, of floor-fastify’s', added, 1.5),
    errors('errors, streams', rounds),
  ];
}

function errors(what: string, rounds: readonly HarnessRound[]): Finding {
  const ours = rounds.filter(({ target }) => target === OURS);
  const count = ours.reduce((sum, round) => sum + (round.failed === undefined ? (round.errors ?? 0) : 1), 0);
  return { what, measured: String(count), target: '0', met: count === 0 };
}

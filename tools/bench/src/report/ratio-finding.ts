import { formatSpread, type Spread } from '../statistics/spread.js';
import type { Finding } from './finding.js';

/** Judges the median of a ratio. One that was not measured is not met: its peer may be missing, or may have failed. */
export function ratioAtMost(what: string, spread: Spread | undefined, limit: number): Finding {
  return ratio(what, spread, `≤ ${limit}`, (median) => median <= limit);
}

export function ratioAtLeast(what: string, spread: Spread | undefined, limit: number): Finding {
  return ratio(what, spread, `≥ ${limit}`, (median) => median >= limit);
}

function ratio(what: string, spread: Spread | undefined, target: string, holds: (median: number) => boolean): Finding {
  if (!spread) return { what, measured: 'not measured', target, met: false };
  return { what, measured: `${formatSpread(spread, 2)} ×`, target: `${target} ×`, met: holds(spread.median) };
}

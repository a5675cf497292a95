import type { Finding } from '../report/finding.js';
import { trendOf, type Point } from '../statistics/least-squares.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';

/** Flat means: along the fitted line, memory changes by at most this part of its mean. */
const TOLERANCE = 0.05;

export interface MemoryVerdict {
  readonly finding: Finding;
  readonly summary: string;
}

/**
 * Judges the second half of the run; the first half is warm-up of heap and code.
 *
 * @param samples resident memory in MiB (y) after so many calls (x).
 */
export function judgeMemory(samples: readonly Point[]): MemoryVerdict {
  const last = samples.at(-1)?.x ?? 0;
  const half = samples.filter(({ x }) => x >= last / 2);
  const { change, mean } = trendOf(half);
  const part = change / mean;
  const percent = `${part >= 0 ? '+' : ''}${(part * 100).toFixed(2)} %`;
  return {
    finding: {
      what: `resident memory over the last ${last / 2} calls, along its trend`,
      measured: percent,
      target: `± ${TOLERANCE * 100} %`,
      met: Math.abs(part) <= TOLERANCE,
    },
    summary: `second half: ${formatSpread(spreadOf(half.map(({ y }) => y)), 0, 'MiB')}, trend ${change.toFixed(1)} MiB`,
  };
}

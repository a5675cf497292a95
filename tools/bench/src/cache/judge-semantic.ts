import { atLeast, atMost, exactly, type Finding } from '../report/finding.js';
import { percentile } from '../statistics/percentile.js';
import type { CachedAnswer } from './cached-call.js';
import type { SemanticRun } from './run-semantic.js';

const WHOLE_MS = { p50: 15, p99: 40 } as const;
const SEARCH_MS = { p50: 1, p99: 5 } as const;
const EVENT_LOOP_MS = 10;
/** With fewer hits than this the figures would be of the paraphrases that were easy to find. */
const HITS_AT_LEAST = 0.5;

export function judgeSemantic({ entries, alone, paced, plain, eventLoopDelayMs, searchMs }: SemanticRun): Finding[] {
  const failed = [...alone, ...paced, ...plain].filter(({ status }) => status !== 200).length;
  return [
    ...hitFindings(`semantic hit, ${entries} entries, c=1`, alone),
    ...hitFindings(`semantic hit, ${entries} entries, steady rate`, paced),
    atMost('search itself, p50', percentile(searchMs, 0.5), SEARCH_MS.p50, milliseconds),
    atMost('search itself, p99', percentile(searchMs, 0.99), SEARCH_MS.p99, milliseconds),
    atMost('event-loop delay, p99, beside plain calls', eventLoopDelayMs, EVENT_LOOP_MS, milliseconds),
    exactly('semantic: calls that failed', failed, 0),
  ];
}

function hitFindings(what: string, answers: readonly CachedAnswer[]): Finding[] {
  const hits = answers.filter(({ cache }) => cache === 'semantic').map((answer) => answer.milliseconds);
  const share = atLeast(`${what}: of all look-ups`, hits.length / answers.length, HITS_AT_LEAST, percent);
  if (hits.length === 0) return [share];
  return [
    share,
    atMost(`${what}: p50`, percentile(hits, 0.5), WHOLE_MS.p50, milliseconds),
    atMost(`${what}: p99`, percentile(hits, 0.99), WHOLE_MS.p99, milliseconds),
  ];
}

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

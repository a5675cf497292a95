import { formatUsd } from '@parsimony/contract';
import type { Comparison } from '@parsimony/demo';
import type { CallResult } from '../reliability/caller.js';
import { exactly, type Finding } from '../report/finding.js';

/** What rolling over all processes left behind. */
export interface RollingRun {
  readonly results: readonly CallResult[];
  readonly callsInLedger: number;
  readonly comparison: Comparison;
  /** Processes that were stopped and replaced. */
  readonly replaced: number;
  /** As many as should have been. */
  readonly meant: number;
}

export function judgeRolling({ results, callsInLedger, comparison, replaced, meant }: RollingRun): Finding[] {
  const failed = (stream: boolean): number =>
    results.filter((result) => result.stream === stream && result.outcome !== 'answered').length;
  return [
    exactly('processes that were replaced under load', replaced, meant),
    exactly('failed calls, whole', failed(false), 0),
    exactly('failed calls, streams', failed(true), 0),
    exactly('calls in the ledger', callsInLedger, results.length),
    {
      what: 'ledger against the bill, by model',
      measured: `$${formatUsd(comparison.ledger)}`,
      target: `$${formatUsd(comparison.bill)}`,
      met: comparison.agree,
    },
  ];
}

import { formatUsd } from '@parsimony/contract';
import { exactly, type Finding } from '../report/finding.js';
import type { CallResult, Outcome } from './caller.js';
import type { BillsComparison } from './compare-bills.js';
import type { CallOfRungs } from './ledger-rungs.js';
import type { Scenario } from './scenario.js';

const ANSWERED_AT_LEAST = 0.999;

/** What one scenario left behind. */
export interface ScenarioRun {
  readonly results: readonly CallResult[];
  readonly ledger: readonly CallOfRungs[];
  /** Requests that reached the providers. */
  readonly requests: number;
  readonly bills: BillsComparison;
}

/** Holds callers, ledger, providers' doors and providers' bills against each other. */
export function judgeScenario(scenario: Scenario, { results, ledger, requests, bills }: ScenarioRun): Finding[] {
  const rungs = ledger.reduce((sum, call) => sum + call.rungs.length, 0);
  const named = (finding: Finding): Finding => ({ ...finding, what: `${scenario.name}: ${finding.what}` });
  return [
    answered(scenario, results),
    exactly('calls in the ledger', ledger.length, results.length),
    exactly('attempts in the ledger, of those that reached a provider', rungs, requests),
    scenario.billed ? atMostBilled(bills) : asBilled(bills),
  ].map(named);
}

export function countOf(results: readonly CallResult[], outcome: Outcome): number {
  return results.filter((result) => result.outcome === outcome).length;
}

/** A stream that was cut after content had left counts as a fault of the provider, where the caller was told so. */
function answered({ billed }: Scenario, results: readonly CallResult[]): Finding {
  const broken = billed ? countOf(results, 'broken-off') : 0;
  const part = countOf(results, 'answered') / (results.length - broken);
  return {
    what: billed ? 'answered, but for streams cut after content' : 'answered',
    measured: `${(part * 100).toFixed(3)} %`,
    target: `≥ ${ANSWERED_AT_LEAST * 100} %`,
    met: part >= ANSWERED_AT_LEAST,
  };
}

function asBilled({ ledger, bill, agree }: BillsComparison): Finding {
  return {
    what: 'ledger against the bills, by model',
    measured: `$${formatUsd(ledger)}`,
    target: `$${formatUsd(bill)}`,
    met: agree,
  };
}

/** What was billed for an answer that was cut is known by its lower bound only. */
function atMostBilled({ ledger, bill, atMost }: BillsComparison): Finding {
  return {
    what: 'ledger, at least, of the bills, by model',
    measured: `$${formatUsd(ledger)}`,
    target: `≤ $${formatUsd(bill)}`,
    met: atMost && ledger > 0n,
  };
}

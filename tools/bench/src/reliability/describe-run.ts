import { percentile } from '../statistics/percentile.js';
import { countOf, type ScenarioRun } from './judge-scenario.js';
import type { Rung } from './ledger-rungs.js';

/** What a reader wants to know beyond the targets: outcomes, attempts and how long callers waited. */
export function describeRun({ results, ledger, bills }: ScenarioRun): string[] {
  const rungs = ledger.flatMap((call) => call.rungs);
  const attempts = (isMeant: (rung: Rung) => boolean): number => rungs.filter(isMeant).length;
  const first = attempts(({ purpose }) => purpose === 'answer');
  const retries = attempts(({ purpose }) => purpose === 'retry');
  const fallbacks = attempts(({ purpose }) => purpose === 'fallback');
  const failed = attempts(({ status }) => status !== 'ok');
  const latencies = results.map(({ latencyMs }) => latencyMs);
  const unsure = (settlement: string): number => ledger.filter((call) => call.settlement === settlement).length;
  const missing = bills.bill - bills.ledger;
  return [
    `${results.length} calls: ${countOf(results, 'answered')} answered, ${countOf(results, 'broken-off')} broken off, ` +
      `${countOf(results, 'failed')} failed; p50 ${percentile(latencies, 0.5).toFixed(0)} ms, ` +
      `p99 ${percentile(latencies, 0.99).toFixed(0)} ms`,
    `${rungs.length} attempts: ${first} first, ${retries} retries, ${fallbacks} fallbacks; ${failed} of them failed`,
    `calls with a cost at least: ${unsure('AT_LEAST')}, unconfirmed: ${unsure('UNCONFIRMED')}; ` +
      `the bills exceed the ledger by ${partOf(missing, bills.bill)}`,
  ];
}

function partOf(part: bigint, whole: bigint): string {
  return whole === 0n ? 'nothing' : `${((Number(part) / Number(whole)) * 100).toFixed(2)} %`;
}

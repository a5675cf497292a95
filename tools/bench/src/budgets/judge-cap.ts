import { formatUsd } from '@parsimony/contract';
import { isConclusive, reportLines } from '@parsimony/witness';
import { atLeast, exactly, type Finding } from '../report/finding.js';
import type { CapRun } from './cap-run.js';

const SPENT_AT_LEAST = 0.97;

/** What must hold in every seed, whatever was killed. */
function judgeCap(what: string, runs: readonly CapRun[]): Finding[] {
  const among = (holds: (run: CapRun) => boolean): number => runs.filter(holds).length;
  const largest = runs.reduce((most, { report }) => (report.bill > most ? report.bill : most), 0n);
  const cap = runs[0]?.report.cap ?? 0n;
  return [
    {
      what: `${what}: largest bill of ${runs.length} seeds`,
      measured: `$${formatUsd(largest)}`,
      target: `≤ $${formatUsd(cap)}`,
      met: largest <= cap && runs.length > 0,
    },
    exactly(
      `${what}: seeds in which every caller was refused in the end`,
      among(({ report }) => isConclusive(report)),
      runs.length,
    ),
    exactly(
      `${what}: seeds with a call twice in the ledger`,
      among(({ audit }) => audit.doubled > 0),
      0,
    ),
  ];
}

/** Nothing was killed: the ledger is the bill, and nearly all of the cap could be spent. */
export function judgeShare(what: string, runs: readonly CapRun[]): Finding[] {
  const smallest = Math.min(...runs.map(({ report }) => report.share));
  const differing = runs.filter(({ report, audit }) => audit.ledger !== report.bill).length;
  return [
    ...judgeCap(what, runs),
    atLeast(`${what}: smallest share that could be spent`, smallest, SPENT_AT_LEAST, percent),
    exactly(`${what}: seeds in which the ledger is not the bill`, differing, 0),
  ];
}

/** Gateways were killed: what is not in the ledger must be held as unconfirmed, and no more be spent than was billed. */
export function judgeKills(what: string, runs: readonly CapRun[], meant: number): Finding[] {
  const wrong = runs.filter(({ report, audit }) => {
    const { ledger, standing } = audit;
    return ledger > report.bill || standing.spent + standing.unconfirmed < report.bill;
  });
  const killed = runs.reduce((sum, run) => sum + run.killed, 0);
  return [
    ...judgeCap(what, runs),
    exactly(`${what}: gateways killed`, killed, meant * runs.length),
    exactly(`${what}: seeds in which spent ≤ bill ≤ spent + unconfirmed does not hold`, wrong.length, 0),
  ];
}

/** One seed in a few lines. */
export function capLines({ seed, report, audit, killed }: CapRun): string[] {
  const { standing, ledger, inexact } = audit;
  const books =
    `books      ledger $${formatUsd(ledger)}, unconfirmed $${formatUsd(standing.unconfirmed)} of ${inexact} calls, ` +
    `remaining $${formatUsd(standing.remaining)}`;
  return [`seed ${seed}, ${killed} gateways killed`, ...[...reportLines(report), books].map((line) => `  ${line}`)];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

import { formatUsd, type PicoDollars } from '@parsimony/contract';
import { compareLedger } from '@parsimony/demo';
import { atLeast, atMost, exactly, type Finding } from '../report/finding.js';
import { MAX_ERROR_RATE, type SavingsRun, type TenantRun } from './run-savings.js';

const SAVED_AT_LEAST = 0.4;
/** A kept answer is worth what its own question has cost; the one that was asked may be a few words longer. */
const MOST_DEVIATION = 0.02;

/** Ledgers against bills, what was booked as saved against what the bill is smaller by, and how often a hit was wrong. */
export function judgeSavings({ without, cached, savings }: SavingsRun): Finding[] {
  const difference = billOf(without) - billOf(cached);
  const deviation = Math.abs(Number(savings.saved - difference)) / Number(difference);
  const wrong = cached.answers.filter(({ text }, index) => text !== without.answers[index]?.text).length;
  const failed = [...without.answers, ...cached.answers].filter(({ status }) => status !== 200).length;
  return [
    ledgerFinding('past the cache', without),
    ledgerFinding('through the cache', cached),
    exactly('calls that failed', failed, 0),
    atLeast(
      'provider calls saved',
      1 - cached.bill.total.calls / without.bill.total.calls,
      SAVED_AT_LEAST,
      (share) => `${(100 * share).toFixed(1)} %`,
    ),
    {
      what: `booked as saved, by which the bill is smaller: ${usd(difference)}`,
      measured: `${usd(savings.saved)}, ${percent(deviation)} off`,
      target: `≤ ${percent(MOST_DEVIATION)} off`,
      met: deviation <= MOST_DEVIATION,
    },
    atMost('wrong answers ÷ all', wrong / cached.answers.length, MAX_ERROR_RATE, percent),
  ];
}

/** What was saved by which cause, a line each. */
export function savingsLines({ savings }: SavingsRun): string[] {
  return savings.byCause.map(({ cause, calls, saved }) => `  ${cause}: ${calls} calls, ${usd(saved)}`);
}

function ledgerFinding(what: string, { ledger, bill }: TenantRun): Finding {
  const comparison = compareLedger(ledger, bill);
  return {
    what: `${what}: ledger against bill, by model`,
    measured: usd(comparison.ledger),
    target: usd(comparison.bill),
    met: comparison.agree,
  };
}

function billOf({ bill }: TenantRun): PicoDollars {
  return BigInt(bill.total.chargedPicoDollars);
}

function usd(amount: PicoDollars): string {
  return `$${formatUsd(amount)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

import type { CallsOutcome } from '../calls/run-calls.js';
import type { LookUps } from '../calls/result-cache.js';
import type { LedgerLine, Savings } from '../deployment/ledger.js';
import type { Comparison } from './compare-ledger.js';
import { dollars } from './money.js';

export interface Verdict {
  readonly agree: boolean;
  readonly lines: readonly string[];
}

/** What the application knows. */
export interface Application {
  readonly calls: CallsOutcome;
  readonly lookUps: LookUps;
}

/** What the tenant's ledger says. */
export interface Books {
  readonly byModel: readonly LedgerLine[];
  readonly savings: Savings;
}

/** Holds three witnesses against each other: what the application read, the ledger, and the provider's bill. */
export function judge(
  { calls: outcome, lookUps }: Application,
  { byModel: ledger, savings }: Books,
  comparison: Comparison,
): Verdict {
  const hits = outcome.fromCache + lookUps.hits;
  const saved = savings.byCause.reduce((sum, line) => sum + line.calls, 0);
  const calls = ledger.reduce((sum, line) => sum + line.calls, 0);
  const input = ledger.reduce((sum, line) => sum + line.inputTokens, 0);
  const output = ledger.reduce((sum, line) => sum + line.outputTokens, 0);
  const difference = comparison.ledger - comparison.bill;
  const checks: readonly (readonly [boolean, string])[] = [
    [outcome.failures.length === 0, `every call was answered (${outcome.failures.length} failed)`],
    [calls === outcome.answered, `each answered call stands in the ledger once (${outcome.answered} and ${calls})`],
    [saved === hits, `whatever came from the cache stands there as saved (${hits} and ${saved})`],
    [
      input === outcome.usage.input && output === outcome.usage.output,
      'the application read the same numbers of tokens in the answers of the provider as the ledger has',
    ],
    [
      comparison.agree,
      `ledger ${dollars(comparison.ledger)}, bill ${dollars(comparison.bill)}: ` +
        (comparison.agree
          ? 'they agree to the pico-dollar, model by model'
          : `they differ, by ${difference} pico-dollars in all`),
    ],
  ];
  return {
    agree: checks.every(([holds]) => holds),
    lines: checks.map(([holds, what]) => `${holds ? '✔' : '✘'} ${what}`),
  };
}

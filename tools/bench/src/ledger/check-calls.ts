import type { LedgerCall } from '@parsimony/demo';
import type { Finding } from '../report/finding.js';
import { exactly } from '../report/finding.js';
import type { CallResult } from './caller.js';

/**
 * Holds what callers saw against the calls of the ledger: every answered call is there once, and what is there beyond
 * them was asked for by callers who left before they heard of it.
 */
export function checkCalls(results: readonly CallResult[], ledger: readonly LedgerCall[]): Finding[] {
  const times = new Map<string, number>();
  for (const { id } of ledger) times.set(id, (times.get(id) ?? 0) + 1);
  const known = new Set(results.flatMap(({ id }) => id ?? []));
  const anonymous = results.filter(({ id, left }) => id === undefined && left).length;
  const unasked = [...times.keys()].filter((id) => !known.has(id)).length;
  return [
    exactly('answers without a request id', results.filter(({ id, left }) => id === undefined && !left).length, 0),
    exactly('request ids that came twice', results.filter(({ id }) => id !== undefined).length - known.size, 0),
    exactly('answered calls in the ledger', [...known].filter((id) => times.has(id)).length, known.size),
    exactly('calls that stand there more than once', [...times.values()].filter((count) => count > 1).length, 0),
    {
      what: 'calls of callers who left before any answer',
      measured: String(unasked),
      target: `≤ ${anonymous}`,
      met: unasked <= anonymous,
    },
    exactly('calls whose cost is not exact', ledger.filter(({ settlement }) => settlement !== 'EXACT').length, 0),
  ];
}

import { NO_USAGE, ProviderError, ProviderRefused } from '@parsimony/contract';
import type { RungOutcome } from '../ledger/ledger-row.js';

/** The part of an outcome that is known without a usage report. */
export type UnreportedOutcome = Pick<RungOutcome, 'status' | 'settlement' | 'usage' | 'cost' | 'providerStatus'>;

/** Nothing was billed, and that is certain. */
const FREE = { settlement: 'exact', usage: NO_USAGE, cost: 0n } as const;

/**
 * What a provider call that failed before any content came to. A provider does not bill what it refused, nor what never
 * reached it; whether it bills what it may have begun cannot be known.
 */
export function failedBeforeContent(error: unknown, sent: boolean): UnreportedOutcome {
  if (error instanceof ProviderError) return { status: 'failed', providerStatus: error.status, ...FREE };
  if (error instanceof ProviderRefused || !sent) return { status: 'failed', providerStatus: null, ...FREE };
  return { status: 'failed', providerStatus: null, settlement: 'unconfirmed', usage: NO_USAGE, cost: 0n };
}

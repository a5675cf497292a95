import { max, min } from './amounts.js';
import type { LeaseRequest } from './wire.js';

/** What an account has lent, as its store holds it. */
export interface LentAccount {
  /** Credits included. */
  readonly limit: bigint;
  /** Spent by calls that no lease covers. */
  readonly base: bigint;
  /** Granted to all other leases of the account, closed ones included. */
  readonly grantedToOthers: bigint;
  /** Other gateways that have a lease now. */
  readonly otherHolders: number;
}

export interface Loan {
  /** What the holder may spend and hold in all from now on. */
  readonly granted: bigint;
  /** What was spent or held beyond the grant; it is a fact, and counted. */
  readonly overdraft: bigint;
  /** The holder needs more than there was. */
  readonly short: boolean;
  /** Left over: neither granted to anybody nor spent without a lease. */
  readonly unlent: bigint;
}

/** The amounts of a request, which alone decide about a loan. */
export type LoanRequest = Pick<LeaseRequest, 'claim' | 'spent' | 'held' | 'unconfirmed' | 'need' | 'want'>;

/**
 * Decides what a holder is lent in all. What it needs it gets whole, or nothing of it: parts that serve nobody would lie
 * with each of several holders. Of what it wants to have in store it gets no more than half of its share of what is free,
 * so that slices shrink as the limit runs out.
 *
 * @param former what the store holds as lent to it; undefined: nothing.
 */
export function lend(
  account: LentAccount,
  former: { readonly granted: bigint } | undefined,
  request: LoanRequest,
): Loan {
  const lent = former?.granted ?? 0n;
  const used = request.spent + request.held + request.unconfirmed;
  // A claim beyond the grant (a store that was restored from a backup) would be lent twice.
  const kept = max(min(request.claim, lent), used);
  const free = account.limit - account.base - account.grantedToOthers;
  const slice = kept + (free - kept) / BigInt(2 * (account.otherHolders + 1));
  const granted = request.need > free ? kept : max(kept, min(free, max(request.need, min(request.want, slice))));
  return {
    granted,
    overdraft: max(0n, used - lent),
    short: request.need > granted,
    unlent: max(0n, free - granted),
  };
}

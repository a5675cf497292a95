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
}

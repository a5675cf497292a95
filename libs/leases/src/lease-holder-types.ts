import type { Allowance } from './allowance.js';
import type { Clocks } from './clocks.js';
import type { Line } from './held-limit.js';
import type { LeaseTerms } from './lease-terms.js';
import type { LeaseTiming } from './lease-timing.js';
import type { Shortfall } from './shortfall.js';
import type { Taken } from './taken.js';
import type { ExchangeRequest } from './wire.js';

/** A call that waits until it can take. */
export interface Waiter {
  readonly allowances: readonly Allowance[];
  readonly at: number;
  readonly amount: bigint;
  resolve(taken: Taken): void;
  reject(shortfall: Shortfall): void;
}

/** A request with what it is about; it is answered or lost, one of the two, before the next is made. */
export interface Draft {
  readonly request: ExchangeRequest;
  readonly lines: readonly Line[];
  readonly sentAt: number;
}

export interface LeaseHolderOptions {
  /** The instance of the process's journal. */
  readonly holder: string;
  readonly clocks: Clocks;
  readonly timing: LeaseTiming;
  /** Calls that wait may be served. */
  onSettled(): void;
  /** There is something to tell or ask again, after there was nothing. */
  onActive(): void;
  onTrouble(error: unknown): void;
  onUncovered(terms: LeaseTerms): void;
}

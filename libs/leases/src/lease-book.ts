import type { LeaseTerms } from './lease-terms.js';

/** Something taken from one or several limits for one call. */
export interface Taken {
  /** The leases it is charged to, as PostgreSQL writes an array, for the ledger; null: none. */
  readonly leases: string | null;
  /**
   * Once. What is neither spent nor unconfirmed is free again.
   *
   * @param unconfirmed what may yet turn out to be spent; it stays set aside until the period ends.
   */
  settle(spent: bigint, unconfirmed: bigint): void;
}

/** How a limit stands, as far as this process knows. */
export interface LeaseStanding {
  readonly limit: bigint;
  /** Neither spent nor unconfirmed by anybody. */
  readonly remaining: bigint;
  /** That this process may take now without asking. */
  readonly available: bigint;
  /** Milliseconds since the Unix epoch. */
  readonly periodStart: number;
  readonly periodEnd: number | null;
}

/** One limit as this process spends under it. */
export interface Allowance {
  readonly terms: LeaseTerms;
  /** Undefined until the budgets service has told of the period that holds the moment. */
  standing(at: number): LeaseStanding | undefined;
}

/** How long a call waits for others to settle, or for the budgets service. */
export interface Patience {
  /** By `performance.now()`. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Why something could not be taken. */
export class Shortfall extends Error {
  constructor(
    /** The limit that stood in the way. */
    readonly allowance: Allowance,
    readonly needed: bigint,
    /**
     * `spent`: not even what remains of the limit would do. `reserved`: it would, but calls under way hold it.
     * `away`: the budgets service does not answer, and no lease covers it. `wrong-time`: a clock is wrong.
     */
    readonly reason: 'spent' | 'reserved' | 'away' | 'wrong-time',
  ) {
    super(`${allowance.terms.unit} of limit ${allowance.terms.budgetId}: ${reason}`);
  }
}

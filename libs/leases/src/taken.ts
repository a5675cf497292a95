/** Something taken from one or several limits for one call. */
export interface Taken {
  /** The leases it is charged to, as PostgreSQL writes an array, for the ledger; null: none. */
  readonly leases: string | null;
  /**
   * Once; what comes later is not heeded. What is neither spent nor unconfirmed is free again.
   *
   * @param unconfirmed what may yet turn out to be spent; it stays set aside until the period ends.
   * @throws RangeError where an amount is negative.
   */
  settle(spent: bigint, unconfirmed: bigint): void;
}

/** How long a call waits for others to settle, or for the budgets service. */
export interface Patience {
  /** By `performance.now()`. */
  readonly until: number;
  readonly signal: AbortSignal;
}

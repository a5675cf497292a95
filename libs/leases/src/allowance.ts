import type { LeaseTerms } from './lease-terms.js';

/** How a limit stands, as far as this process knows. */
export interface LeaseStanding {
  readonly limit: bigint;
  /** Neither spent nor unconfirmed by anybody. */
  readonly remaining: bigint;
  /** That this process may take now without asking. */
  readonly available: bigint;
  /** That nobody had borrowed when the budgets service was last asked. */
  readonly unlent: bigint;
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

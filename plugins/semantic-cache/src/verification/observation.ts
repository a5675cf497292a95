import type { Evidence } from './evidence.js';

/**
 * What was learned from one request that was answered afresh although a neighbour was there: whether the neighbour's
 * answer would have been right. Small JSON; gateways append it to a shared table, and each folds all of them.
 */
export interface Observation {
  /** The cache entry whose answer was held against the fresh one. */
  readonly entry: string;
  readonly answer: string;
  readonly evidence: Evidence;
  /** Log-odds of the shipped prior. */
  readonly prior: number;
  /** Log-odds after the tenant's and the entry's own evidence, as the decision saw them. */
  readonly score: number;
  /** Whether the neighbour would have been served, had the request not been drawn for an audit. */
  readonly audit: boolean;
  /** The probability with which the audit was drawn, above 0, at most 1; 1 where `audit` does not hold. */
  readonly auditRate: number;
  readonly right: boolean;
}

/** An observation that waits for the fresh answer. */
export type Pending = Omit<Observation, 'right'>;

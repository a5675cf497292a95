import type { LeaseUnit } from './lease-unit.js';

/** What a gateway must know of a limit to spend under it. */
export interface LeaseTerms {
  readonly tenantId: string;
  /** Of the budget, or of the rate limit. */
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  /** Whether calls that do not fit are refused; else they are counted and go on. */
  readonly hard: boolean;
  /** What becomes of calls that no lease covers while the budgets service is away. */
  readonly whenAway: 'deny' | 'allow';
}

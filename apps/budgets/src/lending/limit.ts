import { minuteOf, periodOf, type Period } from '@parsimony/budgets';
import type { LeaseUnit } from '@parsimony/leases';
import type { Budget } from '@parsimony/tenancy';

/** When a budget's periods begin, and which calls it counts. */
export type BudgetRule = Pick<
  Budget,
  'tenantId' | 'period' | 'timezone' | 'createdAt' | 'teamId' | 'pooledTeamIds' | 'keyId' | 'tag'
>;

/** One measure of a limit, as it is defined now. */
export interface Limit {
  readonly tenantId: string;
  readonly id: string;
  readonly unit: LeaseUnit;
  /** Whole units; null: it is no more, or does not limit this unit. */
  readonly amount: bigint | null;
  readonly hard: boolean;
  /** Null: a rate limit, which counts by the minute of the clock, and calls at once without end. */
  readonly budget: BudgetRule | null;
}

/** The period that holds a moment, as the limit is defined now. */
export function periodAt({ unit, budget }: Limit, at: number): Period {
  if (budget) return periodOf(budget, at);
  return unit === 'calls' ? { start: 0, end: null } : minuteOf(at);
}

/** Of one measure of a limit. */
export function limitKey({ tenantId, id, unit }: Pick<Limit, 'tenantId' | 'id' | 'unit'>): string {
  return `${tenantId}/${id}/${unit}`;
}

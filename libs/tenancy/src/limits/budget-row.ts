import { parseUsd } from '@parsimony/contract';
import type { Budget } from './budget.js';
import { LIMIT_COLUMNS, limitOf } from './limit-row.js';
import type { LimitRow } from './limit-row.js';

/** A budget as PostgreSQL gives it. */
export type BudgetRow = LimitRow & Omit<Budget, keyof LimitRow | 'tag' | 'amount'> & { readonly amount: string };

/** The columns of a BudgetRow in SQL. */
export const BUDGET_COLUMNS = `${LIMIT_COLUMNS}, name, pooled_team_ids AS "pooledTeamIds", amount, period, mode, timezone,
  thresholds, downgrade_at AS "downgradeAt"`;

export function budgetOf(row: BudgetRow): Budget {
  const { name, pooledTeamIds, amount, period, mode, timezone, thresholds, downgradeAt } = row;
  return {
    ...limitOf(row),
    ...{ name, pooledTeamIds, amount: parseUsd(amount), period, mode, timezone, thresholds, downgradeAt },
  };
}

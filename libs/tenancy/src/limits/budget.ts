import type { PicoDollars } from '@parsimony/contract';
import type { Limit } from './limit-scope.js';

export const BUDGET_PERIODS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'TOTAL'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export const BUDGET_MODES = ['HARD', 'SOFT'] as const;
export type BudgetMode = (typeof BUDGET_MODES)[number];

/** What may be spent in a period. */
export interface Budget extends Limit {
  /** Of a budget that teams share; else null. */
  readonly name: string | null;
  /** The teams that share it; null: its scope says whose calls it holds for. */
  readonly pooledTeamIds: readonly string[] | null;
  readonly amount: PicoDollars;
  readonly period: BudgetPeriod;
  /** HARD: a call that does not fit is refused. SOFT: it is counted, and told of. */
  readonly mode: BudgetMode;
  /** IANA name. A new one holds from the next period on. */
  readonly timezone: string;
  /** Shares of the limit, ascending, at each of which an event is recorded. */
  readonly thresholds: readonly number[];
  /** Share of the limit from which calls are forced to the economy tier. */
  readonly downgradeAt: number | null;
}

import type { Allowance } from '@parsimony/leases';
import type { Budget, RateLimit } from '@parsimony/tenancy';

/** A budget that a call must fit. */
export interface BudgetLine {
  readonly budget: Budget;
  readonly allowance: Allowance;
  /** For people, such as `the month budget of team Поиск`. */
  readonly words: string;
  /** Share of the limit, in parts per million, from which calls are forced to the economy tier. */
  readonly downgradeFrom: bigint | undefined;
}

/** All budgets above a call. */
export interface BudgetsAbove {
  readonly lines: readonly BudgetLine[];
  /** Those of the lines, in their order. */
  readonly allowances: readonly Allowance[];
}

/** A rate limit that a call must fit, with an allowance for each measure that it limits. */
export interface RateLine {
  readonly limit: RateLimit;
  /** For people, such as `the rate limit of key 0193…`. */
  readonly words: string;
  readonly requests: Allowance | undefined;
  readonly tokens: Allowance | undefined;
  readonly calls: Allowance | undefined;
}

/** All rate limits above a call, and their allowances by measure. */
export interface RatesAbove {
  readonly lines: readonly RateLine[];
  readonly requests: readonly Allowance[];
  readonly tokens: readonly Allowance[];
  readonly calls: readonly Allowance[];
}

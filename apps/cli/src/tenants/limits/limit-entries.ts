import { formatUsd, type JsonObject, type PicoDollars } from '@parsimony/contract';
import type { Budget, RateLimit } from '@parsimony/tenancy';
import { labelOf, type LimitOwners } from './limit-owners.js';
import type { BudgetEntry, RateLimitEntry } from './limit-schemas.js';

/** Of a tenant, as its file has them; defaults filled in. */
export interface LimitEntries {
  readonly budgets: readonly BudgetEntry[];
  readonly rateLimits: readonly RateLimitEntry[];
}

/** An entry for what the database has already. */
export type Present<Entry> = Entry & { readonly revision: number };

export interface PresentLimits extends LimitEntries {
  readonly budgets: readonly Present<BudgetEntry>[];
  readonly rateLimits: readonly Present<RateLimitEntry>[];
}

/** What the database has, as a file would have it. */
export function entriesOf(
  budgets: readonly Budget[],
  rateLimits: readonly RateLimit[],
  owners: LimitOwners,
): PresentLimits {
  return {
    budgets: budgets.flatMap((budget) => {
      const scope = owners.nameScope(budget);
      return scope === undefined
        ? []
        : [{ ...scope, ...poolOf(budget, owners), ...termsOf(budget), revision: budget.revision }];
    }),
    rateLimits: rateLimits.flatMap((limit) => {
      const scope = owners.nameScope(limit);
      return scope === undefined ? [] : [{ ...scope, ...measuresOf(limit), revision: limit.revision }];
    }),
  };
}

/** Names a budget among a tenant's: no two have the same place and period. */
export function budgetLabel(entry: BudgetEntry): string {
  const { pool, period } = entry;
  return `${pool === undefined ? labelOf(entry) : `pool ${pool}`}, ${period}`;
}

/** What of a budget may change while it stays the same one. */
export function budgetFacts({ limit, mode, timezone, thresholds, downgradeAt, teams }: BudgetEntry): JsonObject {
  return {
    ...{ limit: plainUsd(limit), mode, timezone, thresholds: [...thresholds] },
    ...(downgradeAt !== undefined && { downgradeAt }),
    ...(teams && { teams: teams.toSorted() }),
  };
}

export function rateLimitFacts({ requestsPerMinute, tokensPerMinute, concurrentCalls }: RateLimitEntry): JsonObject {
  return {
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(concurrentCalls !== undefined && { concurrentCalls }),
  };
}

/** The entries as they are written into a file. */
export function writtenEntries({ budgets, rateLimits }: LimitEntries): JsonObject {
  return {
    ...(budgets.length > 0 && {
      budgets: budgets.map((entry) => ({
        ...placeOf(entry),
        ...(entry.pool !== undefined && { pool: entry.pool }),
        period: entry.period,
        ...budgetFacts(entry),
      })),
    }),
    ...(rateLimits.length > 0 && {
      rateLimits: rateLimits.map((entry) => ({ ...placeOf(entry), ...rateLimitFacts(entry) })),
    }),
  };
}

function placeOf({ team, key, tag }: RateLimitEntry | BudgetEntry): JsonObject {
  return {
    ...(team !== undefined && { team }),
    ...(key !== undefined && { key }),
    ...(tag !== undefined && { tag }),
  };
}

function poolOf({ name, pooledTeamIds }: Budget, owners: LimitOwners): Pick<BudgetEntry, 'pool' | 'teams'> {
  if (pooledTeamIds === null || name === null) return {};
  return { pool: name, teams: pooledTeamIds.map((id) => owners.teamName(id)) };
}

function termsOf({ amount, period, mode, timezone, thresholds, downgradeAt }: Budget) {
  return {
    ...{ limit: amount, period, mode, timezone, thresholds: [...thresholds] },
    ...(downgradeAt !== null && { downgradeAt }),
  };
}

function measuresOf({ requestsPerMinute, tokensPerMinute, concurrentCalls }: RateLimit) {
  return {
    ...(requestsPerMinute !== null && { requestsPerMinute }),
    ...(tokensPerMinute !== null && { tokensPerMinute }),
    ...(concurrentCalls !== null && { concurrentCalls }),
  };
}

/** Without zeros that say nothing: `100.5`. */
function plainUsd(amount: PicoDollars): string {
  return formatUsd(amount).replace(/\.?0+$/, '');
}

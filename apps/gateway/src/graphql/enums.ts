import { registerEnumType } from '@nestjs/graphql';
import type { CacheOutcome, Tier } from '@parsimony/contract';
import type { LeaseStandingOfHolder } from '@parsimony/budgets';
import type { BudgetMode, BudgetPeriod, LimitManager, Role } from '@parsimony/tenancy';

// By GraphQL's name the value that is meant inside.
export const TierEnum = { ECONOMY: 'economy', STANDARD: 'standard', PREMIUM: 'premium' } as const satisfies Record<
  string,
  Tier
>;

export const CacheOutcomeEnum = {
  MISS: 'miss',
  EXACT: 'exact',
  SEMANTIC: 'semantic',
  BYPASS: 'bypass',
} as const satisfies Record<string, CacheOutcome>;

export const RoleEnum = {
  OPERATOR: 'OPERATOR',
  OWNER: 'OWNER',
  ADMIN: 'ADMIN',
  MEMBER: 'MEMBER',
  VIEWER: 'VIEWER',
} as const satisfies { readonly [R in Role]: R };

/** As `date_trunc` of PostgreSQL names them. */
export const IntervalEnum = { MINUTE: 'minute', HOUR: 'hour', DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;

export type Interval = (typeof IntervalEnum)[keyof typeof IntervalEnum];

export const UsageDimensionEnum = {
  TENANT: 'TENANT',
  TEAM: 'TEAM',
  API_KEY: 'API_KEY',
  MODEL: 'MODEL',
  PROVIDER: 'PROVIDER',
  TIER: 'TIER',
  TAG: 'TAG',
  PROMPT: 'PROMPT',
  CACHE_OUTCOME: 'CACHE_OUTCOME',
  PLUGIN: 'PLUGIN',
} as const;

export type UsageDimension = keyof typeof UsageDimensionEnum;

export const BudgetPeriodEnum = {
  HOUR: 'HOUR',
  DAY: 'DAY',
  WEEK: 'WEEK',
  MONTH: 'MONTH',
  TOTAL: 'TOTAL',
} as const satisfies { readonly [P in BudgetPeriod]: P };

export const BudgetModeEnum = { HARD: 'HARD', SOFT: 'SOFT' } as const satisfies { readonly [M in BudgetMode]: M };

export const LimitManagerEnum = { TENANT: 'tenant', TEAM: 'team' } as const satisfies Record<string, LimitManager>;

export const LeaseStateEnum = { ACTIVE: 'open', LOST: 'lost', SETTLED: 'closed' } as const satisfies Record<
  string,
  LeaseStandingOfHolder['state']
>;

export const BudgetEventKindEnum = {
  THRESHOLD: 'threshold',
  OVERDRAFT: 'overdraft',
  LEASE_LOST: 'lease-lost',
  LEASE_SETTLED: 'lease-settled',
} as const;

export type BudgetEventKind = (typeof BudgetEventKindEnum)[keyof typeof BudgetEventKindEnum];

registerEnumType(TierEnum, { name: 'Tier', description: 'A class of models by price and strength.' });
registerEnumType(CacheOutcomeEnum, { name: 'CacheOutcome', description: 'Which cache gave the answer, if any.' });
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'OPERATOR: all tenants; OWNER, ADMIN: a tenant; MEMBER: a team; VIEWER: reads.',
});
registerEnumType(IntervalEnum, { name: 'Interval', description: 'In UTC; weeks begin on Monday (ISO 8601).' });
registerEnumType(UsageDimensionEnum, { name: 'UsageDimension' });
registerEnumType(BudgetPeriodEnum, {
  name: 'BudgetPeriod',
  description: "In the budget's own time zone; weeks begin on Monday (ISO 8601). TOTAL: it never ends.",
});
registerEnumType(BudgetModeEnum, {
  name: 'BudgetMode',
  description: 'HARD: a call that does not fit is refused or cut. SOFT: it is counted, and told of.',
});
registerEnumType(LimitManagerEnum, {
  name: 'LimitManager',
  description: 'Who set a limit: TENANT: an administrator, and no member may change it; TEAM: the team itself.',
});
registerEnumType(LeaseStateEnum, {
  name: 'LeaseState',
  description:
    'LOST: it was not renewed in time, and what was spent of it stands in the journal of a gateway that has not come back. SETTLED: it is over, and its figures are final.',
});
registerEnumType(BudgetEventKindEnum, { name: 'BudgetEventKind' });

import { registerEnumType } from '@nestjs/graphql';
import type { CacheOutcome, Tier } from '@parsimony/contract';
import type { Role } from '@parsimony/tenancy';

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

registerEnumType(TierEnum, { name: 'Tier', description: 'A class of models by price and strength.' });
registerEnumType(CacheOutcomeEnum, { name: 'CacheOutcome', description: 'Which cache gave the answer, if any.' });
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'OPERATOR: all tenants; OWNER, ADMIN: a tenant; MEMBER: a team; VIEWER: reads.',
});
registerEnumType(IntervalEnum, { name: 'Interval', description: 'In UTC; weeks begin on Monday (ISO 8601).' });
registerEnumType(UsageDimensionEnum, { name: 'UsageDimension' });

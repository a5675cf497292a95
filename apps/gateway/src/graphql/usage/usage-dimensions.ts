import { InvalidRequest } from '@parsimony/contract';
import type { UsageDimension } from '../enums.js';

/** What stands for a dimension in SQL, over the rows of `usage-statement.ts`. */
const EXPRESSIONS = {
  TENANT: 'tenant_id::text',
  TEAM: 'team_id::text',
  API_KEY: 'key_id::text',
  MODEL: `provider || '/' || model`,
  PROVIDER: 'provider',
  TIER: 'upper(tier)',
  TAG: `tag.key || '=' || tag.value`,
  CACHE_OUTCOME: 'upper(cache)',
} as const satisfies Partial<Record<UsageDimension, string>>;

export type CountedDimension = keyof typeof EXPRESSIONS;

export function expressionOf(dimension: CountedDimension): string {
  return EXPRESSIONS[dimension];
}

/** @throws InvalidRequest for dimensions that the ledger does not know yet. */
export function parseDimensions(dimensions: readonly UsageDimension[]): CountedDimension[] {
  return [...new Set(dimensions)].map((dimension) => {
    if (dimension === 'PROMPT' || dimension === 'PLUGIN')
      throw new InvalidRequest(`usage cannot be grouped by ${dimension} yet`, { param: 'groupBy' });
    return dimension;
  });
}

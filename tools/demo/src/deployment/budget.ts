import type { GraphqlClient } from './graphql-client.js';

/** A budget as GraphQL's `setBudget` takes it; with neither team, key nor tag it is the tenant's own. */
export interface BudgetWish {
  readonly teamId?: string;
  readonly apiKeyId?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  /** USD as decimal text. */
  readonly limit: string;
  readonly period: 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'TOTAL';
  readonly mode?: 'HARD' | 'SOFT';
  readonly timezone?: string;
  readonly thresholds?: readonly number[];
  readonly downgradeAt?: number;
}

const SET = 'mutation ($input: SetBudgetInput!) { setBudget(input: $input) { id } }';

/**
 * Makes the budget of that scope and period, or replaces it. Gateways hear of it within two seconds.
 *
 * @returns its id.
 */
export async function setBudget(graphql: GraphqlClient, tenantId: string, wish: BudgetWish): Promise<string> {
  const { setBudget: set } = await graphql.ask<{ setBudget: { id: string } }>(SET, { input: { tenantId, ...wish } });
  return set.id;
}

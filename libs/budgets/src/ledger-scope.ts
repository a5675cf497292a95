import type { Budget } from '@parsimony/tenancy';

/** A condition on rows of `usage`, for a WHERE. */
export interface LedgerScope {
  /** With placeholders from `$first` on; no text of a caller is part of it. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Which rows of the ledger a budget counts. What it says of the time is for the caller to add.
 *
 * @param first number of the first placeholder: `$1` where the statement has no other before it.
 */
export function ledgerScope({ tenantId, teamId, pooledTeamIds, keyId, tag }: LedgerScopeOf, first = 1): LedgerScope {
  const parameters: unknown[] = [];
  const next = (value: unknown): string => `$${first - 1 + parameters.push(value)}`;
  const conditions = [`tenant_id = ${next(tenantId)}`];
  if (teamId !== null) conditions.push(`team_id = ${next(teamId)}`);
  if (pooledTeamIds !== null) conditions.push(`team_id = ANY(${next(pooledTeamIds)}::uuid[])`);
  if (keyId !== null) conditions.push(`key_id = ${next(keyId)}`);
  if (tag !== null) conditions.push(`tags ->> ${next(tag.key)} = ${next(tag.value)}`);
  return { sql: conditions.join(' AND '), parameters };
}

type LedgerScopeOf = Pick<Budget, 'tenantId' | 'teamId' | 'pooledTeamIds' | 'keyId' | 'tag'>;

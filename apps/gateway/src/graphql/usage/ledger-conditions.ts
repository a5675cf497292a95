import type { LedgerFilter } from './ledger-filter.js';
import type { SqlParameters } from './sql-parameters.js';

/** The condition, on columns that all rows of a call share, for a call to be meant. */
export function callCondition(filter: LedgerFilter, parameters: SqlParameters): string {
  const conditions = [
    `tenant_id = ${parameters.add(filter.tenantId)}::uuid`,
    `at >= ${parameters.add(filter.from)}::timestamptz`,
    `at < ${parameters.add(filter.to)}::timestamptz`,
  ];
  if (filter.teamId !== null) conditions.push(`team_id = ${parameters.add(filter.teamId)}::uuid`);
  if (filter.keyId !== null) conditions.push(`key_id = ${parameters.add(filter.keyId)}::uuid`);
  if (filter.tags !== null) conditions.push(`tags @> ${parameters.add(JSON.stringify(filter.tags))}::jsonb`);
  return conditions.join(' AND ');
}

/** The condition for a provider call to have gone to a model. */
export function modelCondition(model: string, parameters: SqlParameters): string {
  const place = parameters.add(model);
  return `(model = ${place}::text OR provider || '/' || model = ${place}::text)`;
}

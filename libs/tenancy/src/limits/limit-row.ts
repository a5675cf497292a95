import type { Limit, LimitScope } from './limit-scope.js';

/** What budgets and rate limits have in common, as PostgreSQL gives it. */
export type LimitRow = Omit<Limit, 'tag'> & { readonly tagKey: string | null; readonly tagValue: string | null };

/** The columns of a LimitRow in SQL. */
export const LIMIT_COLUMNS = `tenant_id AS "tenantId", id, team_id AS "teamId", key_id AS "keyId", tag_key AS "tagKey",
  tag_value AS "tagValue", managed_by AS "managedBy", revision, created_at AS "createdAt", changed_at AS "changedAt",
  changed_by AS "changedBy"`;

export function limitOf({ tagKey, tagValue, ...row }: LimitRow): Limit {
  const { tenantId, id, teamId, keyId, managedBy, revision, createdAt, changedAt, changedBy } = row;
  const tag = tagKey === null || tagValue === null ? null : { key: tagKey, value: tagValue };
  return { tenantId, id, teamId, keyId, tag, managedBy, revision, createdAt, changedAt, changedBy };
}

/** The limit of one place, which `placeValues` are the first five parameters of. */
export const AT_PLACE = `tenant_id = $1 AND team_id IS NOT DISTINCT FROM $2 AND key_id IS NOT DISTINCT FROM $3
  AND tag_key IS NOT DISTINCT FROM $4 AND tag_value IS NOT DISTINCT FROM $5`;

export function placeValues(place: LimitScope & Pick<Limit, 'tenantId'>): readonly unknown[] {
  const { tenantId, teamId, keyId, tag } = place;
  return [tenantId, teamId, keyId, tag?.key ?? null, tag?.value ?? null];
}

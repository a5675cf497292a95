import { InvalidRequest } from '@parsimony/contract';
import type { EntityManager } from 'typeorm';
import { notFound } from '../not-found.js';
import { isUuid } from '../uuid.js';
import type { LimitScope } from './limit-scope.js';

/** Where a limit is to hold, as a caller names it; what is left out or null does not narrow it. */
export interface WishedPlace {
  readonly tenantId: string;
  readonly teamId?: string | null;
  readonly keyId?: string | null;
  readonly tag?: { readonly key: string; readonly value: string } | null;
}

export type LimitPlace = LimitScope & { readonly tenantId: string };

/** What calls can be tagged with; the gateway's edge holds their tags to the same. */
const TAG_KEY = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}$/u;
const TAG_VALUE = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** Proves that such a place can be. @throws InvalidRequest, ResourceNotFound */
export function parsePlace({ tenantId, teamId = null, keyId = null, tag = null }: WishedPlace): LimitPlace {
  if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
  if (teamId !== null && !isUuid(teamId)) throw notFound('team', 'teamId');
  if (keyId !== null && !isUuid(keyId)) throw notFound('API key', 'apiKeyId');
  if (tag !== null && !TAG_KEY.test(tag.key))
    throw new InvalidRequest(`"${tag.key}" is no tag name: letters, digits and . _ : / - only, 64 at most`, {
      param: 'tag.key',
    });
  if (tag !== null && !TAG_VALUE.test(tag.value))
    throw new InvalidRequest('the value of a tag has 1 to 128 printable characters', { param: 'tag.value' });
  return { tenantId, teamId, keyId, tag: tag && { key: tag.key, value: tag.value } };
}

/**
 * Finds the key that a limit is for, and names its team, so that one place has one name: a limit on a key, and the same
 * with the key's team, would be two.
 *
 * @throws ResourceNotFound for a key of another tenant; InvalidRequest for one of another team, or that was revoked.
 */
export async function settlePlace(manager: EntityManager, place: LimitPlace): Promise<LimitPlace> {
  const { tenantId, teamId, keyId } = place;
  if (keyId === null) return place;
  const [key] = await manager.query<{ teamId: string | null; revokedAt: Date | null }[]>(
    `SELECT team_id AS "teamId", revoked_at AS "revokedAt" FROM api_key WHERE tenant_id = $1 AND id = $2`,
    [tenantId, keyId],
  );
  if (!key) throw notFound('API key', 'apiKeyId');
  if (key.revokedAt !== null)
    throw new InvalidRequest('this API key was revoked: nothing is left to limit', { param: 'apiKeyId' });
  if (teamId !== null && key.teamId !== teamId.toLowerCase())
    throw new InvalidRequest('this API key does not belong to this team', { param: 'teamId' });
  return { ...place, teamId: key.teamId };
}

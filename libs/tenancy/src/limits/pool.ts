import { InvalidRequest } from '@parsimony/contract';
import type { EntityManager } from 'typeorm';
import { parseName } from '../name.js';
import { notFound } from '../not-found.js';
import { isUuid } from '../uuid.js';

/** Teams that share a budget, as a caller names them. */
export interface WishedPool {
  readonly tenantId: string;
  readonly name: string;
  readonly teamIds: readonly string[];
}

const MOST_TEAMS = 1_000;

/** @throws InvalidRequest, ResourceNotFound */
export function parsePool({ name, teamIds }: WishedPool): Pick<WishedPool, 'name' | 'teamIds'> {
  if (teamIds.length < 1 || teamIds.length > MOST_TEAMS)
    throw new InvalidRequest(`1 to ${MOST_TEAMS} teams share a budget`, { param: 'teamIds' });
  if (!teamIds.every(isUuid)) throw notFound('team', 'teamIds');
  const distinct = new Set(teamIds.map((id) => id.toLowerCase()));
  if (distinct.size < teamIds.length)
    throw new InvalidRequest('no team stands in the list twice', { param: 'teamIds' });
  return { name: parseName(name), teamIds: [...distinct] };
}

/** Proves that all of the teams are the tenant's. @throws ResourceNotFound */
export async function settlePool(manager: EntityManager, tenantId: string, teamIds: readonly string[]): Promise<void> {
  const found = await manager.query<unknown[]>(`SELECT FROM team WHERE tenant_id = $1 AND id = ANY($2)`, [
    ...[tenantId, teamIds],
  ]);
  if (found.length < teamIds.length) throw notFound('team', 'teamIds');
}

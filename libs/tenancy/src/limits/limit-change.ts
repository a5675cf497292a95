import { PermissionDenied, RevisionConflict } from '@parsimony/contract';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../actor.js';
import type { Limit, LimitManager } from './limit-scope.js';

/** Whom a limit belongs to once this actor has set it. */
export function managerOf(actor: Actor): LimitManager {
  return actor.role === 'MEMBER' ? 'team' : 'tenant';
}

/** Lets those who set limits of one tenant take turns: else the second of two would find the place taken. */
export async function takeTurn(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`limits ${tenantId.toLowerCase()}`]);
}

/** @throws PermissionDenied for a member, where the tenant's administrators have set the limit. */
export function demandManager(actor: Actor, limit: Limit | undefined): void {
  if (limit && limit.managedBy === 'tenant' && managerOf(actor) === 'team')
    throw new PermissionDenied('this limit was set by who administers the tenant; a member may not change it');
}

/**
 * @param expected the revision that the caller has read, 0 where there was none; null: whichever.
 * @throws RevisionConflict
 */
export function demandRevision(expected: number | null, limit: Limit | undefined): void {
  const revision = limit?.revision ?? 0;
  if (expected === null || expected === revision) return;
  const now = limit ? `is at revision ${revision} by now` : 'is not there';
  throw new RevisionConflict(`the limit ${now}, and you expected revision ${expected}; read it again`, {
    param: 'expectedRevision',
  });
}

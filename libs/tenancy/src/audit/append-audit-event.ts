import type { EntityManager } from 'typeorm';
import type { Actor } from '../actor.js';
import { newId } from '../uuid.js';
import type { AuditedChange } from './audit-event.js';

/** Writes an event to the audit log, in the manager's transaction: neither is there without the other. */
export async function appendAuditEvent(manager: EntityManager, actor: Actor, change: AuditedChange): Promise<void> {
  const { tenantId, action, targetKind, targetId, detail } = change;
  await manager.query(
    `INSERT INTO audit_event (tenant_id, id, actor_kind, actor_id, actor_role, address, action, target_kind, target_id, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[tenantId, newId(), actor.kind, actor.id, actor.role, actor.address],
      ...[action, targetKind, targetId, JSON.stringify(detail)],
    ],
  );
}

import type { DataSource } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import { notFound } from '../not-found.js';
import { NEWEST_FIRST, readPage } from '../page.js';
import type { Page, PageRequest } from '../page.js';
import { isUuid } from '../uuid.js';
import type { AuditedChange, AuditEvent } from './audit-event.js';

const COLUMNS = `tenant_id AS "tenantId", id, at, actor_kind AS "actorKind", actor_id AS "actorId",
  actor_role AS "actorRole", address, action, target_kind AS "targetKind", target_id AS "targetId", detail`;

/** The audit log, to read, and to note what changes outside of the core's own tables. */
export class AuditService {
  private readonly database: ActorDatabase;

  constructor(dataSource: DataSource, actor = SYSTEM) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /**
   * A page of events, newest first.
   *
   * @param tenantId null: of all tenants and of the deployment, as far as the actor sees them.
   * @throws DatabaseUnavailable, InvalidRequest, ResourceNotFound for an id that can be none.
   */
  list(tenantId: string | null, request: PageRequest): Promise<Page<AuditEvent>> {
    if (tenantId !== null && !isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    return readPage(
      request,
      (after, take) =>
        this.database.read((manager) =>
          manager.query<AuditEvent[]>(
            `SELECT ${COLUMNS} FROM audit_event
              WHERE id < $1 AND ($2::uuid IS NULL OR tenant_id = $2) ORDER BY id DESC LIMIT $3`,
            [after, tenantId, take],
          ),
        ),
      NEWEST_FIRST,
    );
  }

  /**
   * Notes what no transaction of the core's changes, such as what a plugin is about to forget.
   *
   * @throws DatabaseUnavailable
   */
  note(change: AuditedChange): Promise<void> {
    return this.database.change((_manager, record) => record(change));
  }
}

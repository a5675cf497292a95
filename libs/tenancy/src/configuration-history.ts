import type { EntityManager } from 'typeorm';
import type { TenantConfiguration } from './tenant-configuration.entity.js';

/** Appends a revision to a tenant's history. */
export async function appendRevision(manager: EntityManager, configuration: TenantConfiguration): Promise<void> {
  const { tenantId, revision, document, updatedAt, updatedBy } = configuration;
  await manager.query(
    `INSERT INTO tenant_configuration (tenant_id, revision, document, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)`,
    [tenantId, revision, JSON.stringify(document), updatedAt, updatedBy],
  );
}

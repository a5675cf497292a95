import { RevisionConflict } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type { DataSource } from 'typeorm';
import { ActorDatabase } from './actor-database.js';
import { SYSTEM } from './actor.js';
import { appendRevision } from './configuration-history.js';

import { parseTenantDocument } from './document/parse-tenant-document.js';
import type { DocumentRules } from './document/parse-tenant-document.js';
import { notFound } from './not-found.js';
import { TenantConfiguration } from './tenant-configuration.entity.js';
import { Tenant } from './tenant.entity.js';
import { isUuid } from './uuid.js';

/** Tenant documents and their history. Every method throws DatabaseUnavailable where the database is away. */
export class ConfigurationService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly rules: DocumentRules,
    actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws ResourceNotFound */
  async current(tenantId: string): Promise<TenantConfiguration> {
    const [configuration] = await this.currentOf([tenantId]);
    if (!configuration) throw notFound('tenant', 'tenantId');
    return configuration;
  }

  /** The configurations in force of those tenants that exist, in any order. */
  currentOf(tenantIds: readonly string[]): Promise<TenantConfiguration[]> {
    return this.database.read((manager) =>
      manager
        .createQueryBuilder(TenantConfiguration, 'configuration')
        .innerJoin(Tenant, 'tenant', 'tenant.id = configuration.tenantId AND tenant.revision = configuration.revision')
        .where('configuration.tenantId = ANY(:ids)', { ids: tenantIds.filter(isUuid) })
        .getMany(),
    );
  }

  /** An earlier revision, or the current one. @throws ResourceNotFound */
  async at(tenantId: string, revision: number): Promise<TenantConfiguration> {
    const found = isUuid(tenantId)
      ? await this.database.read((manager) => manager.findOneBy(TenantConfiguration, { tenantId, revision }))
      : null;
    if (!found) throw notFound('configuration', 'revision');
    return found;
  }

  /**
   * Writes the next revision if the current one is still the one that the writer read.
   *
   * @throws RevisionConflict where somebody else was faster: of several writers exactly one wins
   * @throws ResourceNotFound, and what `parseTenantDocument` throws.
   */
  async update(
    tenantId: string,
    document: JsonObject,
    expectedRevision: number,
    updatedBy: string,
  ): Promise<TenantConfiguration> {
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    await parseTenantDocument(document, this.rules);
    return this.database.change(async (manager, record) => {
      // One statement compares and sets: a second writer waits for the first one's row and then finds another revision.
      const { affected } = await manager.update(
        Tenant,
        { id: tenantId, revision: expectedRevision },
        { revision: expectedRevision + 1 },
      );
      if (affected === 1) {
        const next = { tenantId, revision: expectedRevision + 1, document, updatedAt: new Date(), updatedBy };
        await appendRevision(manager, next);
        await record({
          tenantId,
          action: 'configuration.update',
          targetKind: 'configuration',
          targetId: String(next.revision),
          // The documents themselves stand in the history, each revision of them.
          detail: { before: { revision: expectedRevision }, after: { revision: next.revision } },
        });
        return next;
      }
      const tenant = await manager.findOneBy(Tenant, { id: tenantId });
      if (!tenant) throw notFound('tenant', 'tenantId');
      throw new RevisionConflict(
        `the configuration is at revision ${tenant.revision} by now, not ${expectedRevision}; read it again`,
        { param: 'expectedRevision' },
      );
    });
  }
}

import { NameTaken } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { In, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { appendRevision } from './configuration-history.js';
import { ActorDatabase } from './actor-database.js';
import { SYSTEM } from './actor.js';
import { defaultDocumentFor } from './document/default-document.js';
import { parseTenantDocument } from './document/parse-tenant-document.js';
import type { DocumentRules } from './document/parse-tenant-document.js';
import { parseName } from './name.js';
import { notFound } from './not-found.js';
import { readPage } from './page.js';
import type { Page, PageRequest } from './page.js';
import { Tenant } from './tenant.entity.js';
import { isUuid, newId } from './uuid.js';

export interface CreateTenant {
  readonly name: string;
  /** The deployment's default document where left out. */
  readonly document?: JsonObject;
  /** Who did it, for the history. */
  readonly createdBy: string;
}

/** Every method throws DatabaseUnavailable where the database is away. */
export class TenantService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly rules: DocumentRules,
    private readonly defaultDocument: JsonObject = defaultDocumentFor(rules.plugins),
    actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws InvalidRequest, NameTaken, and what `parseTenantDocument` throws. */
  async create({ name: wished, document = this.defaultDocument, createdBy }: CreateTenant): Promise<Tenant> {
    const name = parseName(wished);
    await parseTenantDocument(document, this.rules);
    const id = newId();
    const now = new Date();
    return this.database.change(
      async (manager, record) => {
        await manager.insert(Tenant, { id, name, revision: 1, createdAt: now });
        await appendRevision(manager, { tenantId: id, revision: 1, document, updatedAt: now, updatedBy: createdBy });
        await record({
          tenantId: id,
          action: 'tenant.create',
          targetKind: 'tenant',
          targetId: id,
          detail: { after: { name, revision: 1 } },
        });
        return manager.findOneByOrFail(Tenant, { id });
      },
      { tenant_name: () => new NameTaken(`there is a tenant "${name}" already`, { param: 'name' }) },
    );
  }

  /** @throws ResourceNotFound */
  async get(id: string): Promise<Tenant> {
    const [tenant] = await this.getMany([id]);
    if (!tenant) throw notFound('tenant', 'tenantId');
    return tenant;
  }

  /** Those of the tenants that exist, in any order. */
  getMany(ids: readonly string[]): Promise<Tenant[]> {
    return this.database.read((manager) => manager.findBy(Tenant, { id: In(ids.filter(isUuid)) }));
  }

  /** All tenants, oldest first. */
  list(request: PageRequest): Promise<Page<Tenant>> {
    return readPage(request, (after, take) =>
      this.database.read((manager) =>
        manager.find(Tenant, { where: { id: MoreThan(after) }, order: { id: 'ASC' }, take }),
      ),
    );
  }

  async findByName(name: string): Promise<Tenant | null> {
    return this.database.read((manager) => manager.findOneBy(Tenant, { name }));
  }
}

import { InvalidRequest } from '@parsimony/contract';
import { In, IsNull, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { databaseCall } from '../database-call.js';
import { parseName } from '../name.js';
import { notFound } from '../not-found.js';
import { readPage } from '../page.js';
import type { Page, PageRequest } from '../page.js';
import type { Role } from '../role.js';
import { isUuid, newId } from '../uuid.js';
import { ApiKey } from './api-key.entity.js';
import { hashSecret, newSecret, prefixOf } from './secret.js';

export interface CreateApiKey {
  readonly tenantId: string;
  /** Left out or null: a key of the tenant as a whole. */
  readonly teamId?: string | null;
  readonly name: string;
  readonly role?: Role;
  readonly expiresAt?: Date | null;
}

export interface CreatedApiKey {
  /** Shown this once: only its hash is kept. */
  readonly secret: string;
  readonly apiKey: ApiKey;
}

/** Every method throws DatabaseUnavailable where the database is away. */
export class ApiKeyService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws InvalidRequest, ResourceNotFound */
  async create({
    tenantId,
    teamId = null,
    name,
    role = 'MEMBER',
    expiresAt = null,
  }: CreateApiKey): Promise<CreatedApiKey> {
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    if (teamId !== null && !isUuid(teamId)) throw notFound('team', 'teamId');
    if (role === 'OPERATOR') throw new InvalidRequest('an operator key belongs to no tenant', { param: 'role' });
    if (expiresAt && !(expiresAt.getTime() > Date.now())) {
      throw new InvalidRequest('a new key expires in the future', { param: 'expiresAt' });
    }
    const secret = newSecret();
    const id = newId();
    const row = { tenantId, id, teamId, name: parseName(name), role, expiresAt, createdAt: new Date() };
    const keys = this.dataSource.getRepository(ApiKey);
    await databaseCall(() => keys.insert({ ...row, prefix: prefixOf(secret), secretHash: hashSecret(secret) }), {
      api_key_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
      api_key_team: () => notFound('team', 'teamId'),
    });
    return { secret, apiKey: await this.get(tenantId, id) };
  }

  /** Doing it again changes nothing. @throws ResourceNotFound, for a key of another tenant too. */
  async revoke(tenantId: string, id: string): Promise<ApiKey> {
    if (!isUuid(tenantId) || !isUuid(id)) throw notFound('API key', 'id');
    await databaseCall(() =>
      this.dataSource.getRepository(ApiKey).update({ tenantId, id, revokedAt: IsNull() }, { revokedAt: new Date() }),
    );
    return this.get(tenantId, id);
  }

  /** @throws ResourceNotFound, for a key of another tenant too. */
  async get(tenantId: string, id: string): Promise<ApiKey> {
    const key = await this.locate(id);
    if (key.tenantId !== tenantId) throw notFound('API key', 'id');
    return key;
  }

  /** Whichever tenant's key it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<ApiKey> {
    const key = isUuid(id) ? await databaseCall(() => this.dataSource.getRepository(ApiKey).findOneBy({ id })) : null;
    if (!key) throw notFound('API key', 'id');
    return key;
  }

  /** A tenant's keys, or those of one of its teams, oldest first, revoked ones included. */
  list(tenantId: string, request: PageRequest, teamId?: string): Promise<Page<ApiKey>> {
    if (!isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    if (teamId !== undefined && !isUuid(teamId)) return Promise.reject(notFound('team', 'teamId'));
    return readPage(request, (after, take) =>
      databaseCall(() =>
        this.dataSource.getRepository(ApiKey).find({
          where: { tenantId, id: MoreThan(after), ...(teamId !== undefined && { teamId }) },
          order: { id: 'ASC' },
          take,
        }),
      ),
    );
  }

  /** All keys of several tenants at once, for data loaders; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<ApiKey[]> {
    return databaseCall(() =>
      this.dataSource
        .getRepository(ApiKey)
        .find({ where: { tenantId: In(tenantIds.filter(isUuid)) }, order: { id: 'ASC' } }),
    );
  }
}

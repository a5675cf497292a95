import { InvalidRequest } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { In, IsNull, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import type { AuditAction, AuditedChange } from '../audit/audit-event.js';
import { parseName } from '../name.js';
import { notFound } from '../not-found.js';
import { readPage } from '../page.js';
import type { Page, PageRequest } from '../page.js';
import type { Role } from '../role.js';
import { isUuid, newId } from '../uuid.js';
import { ApiKey } from './api-key.entity.js';
import { parseAllowedAddresses, parseAllowedModels } from './key-scopes.js';
import { hashSecret, newSecret, prefixOf } from './secret.js';

export interface CreateApiKey {
  readonly tenantId: string;
  /** Left out or null: a key of the tenant as a whole. */
  readonly teamId?: string | null;
  readonly name: string;
  readonly role?: Role;
  readonly expiresAt?: Date | null;
  /** Patterns of `provider/model` or of bare names, `*` for any characters; left out or null: all models. */
  readonly allowedModels?: readonly string[] | null;
  /** IPs and CIDRs from which it may be used; left out or null: all. */
  readonly allowedAddresses?: readonly string[] | null;
}

export interface CreatedApiKey {
  /** Shown this once: only its hash is kept. */
  readonly secret: string;
  readonly apiKey: ApiKey;
}

/** How long a former secret may stay good, and does where nobody says. */
const LONGEST_OVERLAP_MS = 30 * 86_400_000;
const USUAL_OVERLAP_MS = 86_400_000;

/** Every method throws DatabaseUnavailable where the database is away. */
export class ApiKeyService {
  private readonly database: ActorDatabase;

  constructor(dataSource: DataSource, actor = SYSTEM) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws InvalidRequest, ResourceNotFound */
  async create({
    tenantId,
    teamId = null,
    name,
    role = 'MEMBER',
    expiresAt = null,
    allowedModels = null,
    allowedAddresses = null,
  }: CreateApiKey): Promise<CreatedApiKey> {
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    if (teamId !== null && !isUuid(teamId)) throw notFound('team', 'teamId');
    if (role === 'OPERATOR') throw new InvalidRequest('an operator key belongs to no tenant', { param: 'role' });
    if (expiresAt && !(expiresAt.getTime() > Date.now())) {
      throw new InvalidRequest('a new key expires in the future', { param: 'expiresAt' });
    }
    const secret = newSecret();
    const id = newId();
    const row = {
      ...{ tenantId, id, teamId, name: parseName(name), role, expiresAt, createdAt: new Date() },
      allowedModels: parseAllowedModels(allowedModels),
      allowedAddresses: parseAllowedAddresses(allowedAddresses),
    };
    return this.database.change(
      async (manager, record) => {
        await manager.insert(ApiKey, { ...row, prefix: prefixOf(secret), secretHash: hashSecret(secret) });
        const apiKey = await manager.findOneByOrFail(ApiKey, { tenantId, id });
        await record(changeOf('key.create', null, apiKey));
        return { secret, apiKey };
      },
      {
        api_key_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
        api_key_team: () => notFound('team', 'teamId'),
      },
    );
  }

  /** Its former secret dies with it. Doing it again changes nothing. @throws ResourceNotFound, for a key of another tenant too. */
  async revoke(tenantId: string, id: string): Promise<ApiKey> {
    if (!isUuid(tenantId) || !isUuid(id)) throw notFound('API key', 'id');
    return this.database.change(async (manager, record) => {
      const { affected } = await manager.update(
        ApiKey,
        { tenantId, id, revokedAt: IsNull() },
        { revokedAt: new Date() },
      );
      const key = await manager.findOneBy(ApiKey, { tenantId, id });
      if (!key) throw notFound('API key', 'id');
      if (affected === 1) await record(changeOf('key.revoke', { ...key, revokedAt: null }, key));
      return key;
    });
  }

  /**
   * Gives a key a new secret; the old one stays good for a while, so that nobody is cut off while it is rolled out. A
   * second rotation ends the overlap of the first.
   *
   * @param overlapMs how long the old secret stays good, at most 30 days; 0: not at all.
   * @throws InvalidRequest for an overlap that is none, or a key that was revoked or has expired; ResourceNotFound, for a
   * key of another tenant too.
   */
  async rotate(tenantId: string, id: string, overlapMs = USUAL_OVERLAP_MS): Promise<CreatedApiKey> {
    if (!isUuid(tenantId) || !isUuid(id)) throw notFound('API key', 'id');
    if (!(Number.isInteger(overlapMs) && overlapMs >= 0 && overlapMs <= LONGEST_OVERLAP_MS))
      throw new InvalidRequest('the old secret stays good for at most 30 days', { param: 'overlapSeconds' });
    const secret = newSecret();
    return this.database.change(async (manager, record) => {
      const before = await manager.findOne(ApiKey, { where: { tenantId, id }, lock: { mode: 'pessimistic_write' } });
      if (!before) throw notFound('API key', 'id');
      const { expiresAt, revokedAt } = before;
      if (revokedAt !== null || (expiresAt !== null && expiresAt.getTime() <= Date.now()))
        throw new InvalidRequest('a key that was revoked or has expired is not rotated; make a new one', {
          param: 'id',
        });
      await manager.update(
        ApiKey,
        { tenantId, id },
        {
          ...{ secretHash: hashSecret(secret), prefix: prefixOf(secret) },
          formerExpiresAt: new Date(Date.now() + overlapMs),
        },
      );
      const apiKey = await manager.findOneByOrFail(ApiKey, { tenantId, id });
      await record(changeOf('key.rotate', before, apiKey));
      return { secret, apiKey };
    });
  }

  /** @throws ResourceNotFound, for a key of another tenant too. */
  async get(tenantId: string, id: string): Promise<ApiKey> {
    const key = await this.locate(id);
    if (key.tenantId !== tenantId) throw notFound('API key', 'id');
    return key;
  }

  /** Whichever tenant's key it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<ApiKey> {
    const key = isUuid(id) ? await this.database.read((manager) => manager.findOneBy(ApiKey, { id })) : null;
    if (!key) throw notFound('API key', 'id');
    return key;
  }

  /** A tenant's keys, or those of one of its teams, oldest first, revoked ones included. */
  list(tenantId: string, request: PageRequest, teamId?: string): Promise<Page<ApiKey>> {
    if (!isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    if (teamId !== undefined && !isUuid(teamId)) return Promise.reject(notFound('team', 'teamId'));
    return readPage(request, (after, take) =>
      this.database.read((manager) =>
        manager.find(ApiKey, {
          where: { tenantId, id: MoreThan(after), ...(teamId !== undefined && { teamId }) },
          order: { id: 'ASC' },
          take,
        }),
      ),
    );
  }

  /** All keys of several tenants at once, for data loaders; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<ApiKey[]> {
    return this.database.read((manager) =>
      manager.find(ApiKey, { where: { tenantId: In(tenantIds.filter(isUuid)) }, order: { id: 'ASC' } }),
    );
  }
}

function changeOf(action: AuditAction, before: ApiKey | null, after: ApiKey): AuditedChange {
  return {
    ...{ tenantId: after.tenantId, action, targetKind: 'key', targetId: after.id },
    detail: { ...(before && { before: factsOf(before) }), after: factsOf(after) },
  };
}

/** What the audit log says of a key. */
function factsOf(key: ApiKey): JsonObject {
  const { name, prefix, role, teamId, allowedModels, allowedAddresses, expiresAt, formerExpiresAt, revokedAt } = key;
  return {
    ...{ name, prefix, role, teamId, allowedModels, allowedAddresses },
    expiresAt: expiresAt?.toISOString() ?? null,
    formerExpiresAt: formerExpiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

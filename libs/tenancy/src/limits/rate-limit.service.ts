import { InvalidRequest } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type { DataSource, EntityManager } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import { demandManager, demandRevision, managerOf, takeTurn } from './limit-change.js';
import { parsePlace, settlePlace } from './limit-place.js';
import type { LimitPlace, WishedPlace } from './limit-place.js';
import { AT_PLACE, placeValues } from './limit-row.js';
import type { RateLimit } from './rate-limit.js';
import { RATE_LIMIT_COLUMNS, rateLimitOf } from './rate-limit-row.js';
import type { RateLimitRow } from './rate-limit-row.js';

/** What is left out or null is not limited; one of them at least is. */
export interface SetRateLimit extends WishedPlace {
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly concurrentCalls?: number | null;
  /** The revision that the caller has read; 0: there is none yet; left out or null: whichever there is is replaced. */
  readonly expectedRevision?: number | null;
}

type Measures = Pick<RateLimit, 'requestsPerMinute' | 'tokensPerMinute' | 'concurrentCalls'>;

const MOST = 1_000_000_000_000;

const REFUSALS = {
  rate_limit_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
  rate_limit_team: () => notFound('team', 'teamId'),
};

/** How much tenants, teams, keys and tags may ask for. Every method throws DatabaseUnavailable where the database is away. */
export class RateLimitService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /**
   * Makes a rate limit, or replaces the one of the same place with all its measures.
   *
   * @throws InvalidRequest, ResourceNotFound, RevisionConflict; PermissionDenied for a member, where an administrator has
   * set the one in place.
   */
  async set(wish: SetRateLimit): Promise<RateLimit> {
    const wished = parsePlace(wish);
    const measures = parseMeasures(wish);
    return this.database.change(async (manager, record) => {
      await takeTurn(manager, wished.tenantId);
      const place = await settlePlace(manager, wished);
      const before = await inPlace(manager, place);
      demandRevision(wish.expectedRevision ?? null, before);
      demandManager(this.actor, before);
      const after = await (before ? this.#replace(manager, before, measures) : this.#insert(manager, place, measures));
      await record({
        ...{ tenantId: after.tenantId, action: 'rate-limit.set', targetKind: 'rate-limit', targetId: after.id },
        detail: { ...(before && { before: factsOf(before) }), after: factsOf(after) },
      });
      return after;
    }, REFUSALS);
  }

  /** @throws ResourceNotFound, PermissionDenied as `set`. */
  async delete(id: string): Promise<RateLimit> {
    if (!isUuid(id)) throw notFound('rate limit', 'id');
    return this.database.change(async (manager, record) => {
      const [before] = await select(manager, 'id = $1', [id], 'FOR UPDATE');
      if (!before) throw notFound('rate limit', 'id');
      demandManager(this.actor, before);
      await manager.query(
        `UPDATE rate_limit SET deleted_at = clock_timestamp(), changed_at = clock_timestamp(), changed_by = $3
          WHERE tenant_id = $1 AND id = $2`,
        [before.tenantId, before.id, this.actor.id],
      );
      await record({
        ...{ tenantId: before.tenantId, action: 'rate-limit.delete', targetKind: 'rate-limit', targetId: before.id },
        detail: { before: factsOf(before) },
      });
      return before;
    });
  }

  /** Whichever tenant's it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<RateLimit> {
    const [found] = isUuid(id) ? await this.#read('id = $1', [id]) : [];
    if (!found) throw notFound('rate limit', 'id');
    return found;
  }

  /** All of a tenant's rate limits, oldest first. @throws ResourceNotFound for an id that can be none. */
  async list(tenantId: string): Promise<RateLimit[]> {
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    return this.#read('tenant_id = $1', [tenantId]);
  }

  /** Those of several tenants at once, for data loaders, all of them whatever they hold for; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<RateLimit[]> {
    return this.#read('tenant_id = ANY($1)', [tenantIds.filter(isUuid)]);
  }

  /** Those of several teams at once; not those of their keys. */
  ofTeams(teamIds: readonly string[]): Promise<RateLimit[]> {
    return this.#read('key_id IS NULL AND team_id = ANY($1)', [teamIds.filter(isUuid)]);
  }

  /** Those of several keys at once. */
  ofKeys(keyIds: readonly string[]): Promise<RateLimit[]> {
    return this.#read('key_id = ANY($1)', [keyIds.filter(isUuid)]);
  }

  #read(condition: string, parameters: readonly unknown[]): Promise<RateLimit[]> {
    return this.database.read((manager) => select(manager, condition, parameters));
  }

  async #replace(manager: EntityManager, before: RateLimit, measures: Measures): Promise<RateLimit> {
    const [rows] = await manager.query<[RateLimitRow[], number]>(
      `UPDATE rate_limit SET requests_per_minute = $3, tokens_per_minute = $4, concurrent_calls = $5, managed_by = $6,
          changed_by = $7, changed_at = clock_timestamp(), revision = revision + 1
        WHERE tenant_id = $1 AND id = $2 RETURNING ${RATE_LIMIT_COLUMNS}`,
      [before.tenantId, before.id, ...this.#shared(measures)],
    );
    return one(rows);
  }

  async #insert(manager: EntityManager, place: LimitPlace, measures: Measures): Promise<RateLimit> {
    const rows = await manager.query<RateLimitRow[]>(
      `INSERT INTO rate_limit (tenant_id, team_id, key_id, tag_key, tag_value, id, requests_per_minute,
          tokens_per_minute, concurrent_calls, managed_by, changed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${RATE_LIMIT_COLUMNS}`,
      [...placeValues(place), newId(), ...this.#shared(measures)],
    );
    return one(rows);
  }

  /** Values of the columns that both statements write. */
  #shared({ requestsPerMinute, tokensPerMinute, concurrentCalls }: Measures): readonly unknown[] {
    return [requestsPerMinute, tokensPerMinute, concurrentCalls, managerOf(this.actor), this.actor.id];
  }
}

/** The rate limit that one of this place would replace; locked, so that it is not deleted meanwhile. */
async function inPlace(manager: EntityManager, place: LimitPlace): Promise<RateLimit | undefined> {
  const [found] = await select(manager, AT_PLACE, placeValues(place), 'FOR UPDATE');
  return found;
}

async function select(
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
  lock: 'FOR UPDATE' | '' = '',
): Promise<RateLimit[]> {
  const rows = await manager.query<RateLimitRow[]>(
    `SELECT ${RATE_LIMIT_COLUMNS} FROM rate_limit WHERE ${condition} AND deleted_at IS NULL ORDER BY id ${lock}`,
    [...parameters],
  );
  return rows.map(rateLimitOf);
}

function one([row]: readonly RateLimitRow[]): RateLimit {
  if (!row) throw notFound('rate limit', 'id');
  return rateLimitOf(row);
}

function parseMeasures(wish: SetRateLimit): Measures {
  const { requestsPerMinute = null, tokensPerMinute = null, concurrentCalls = null } = wish;
  const measures = { requestsPerMinute, tokensPerMinute, concurrentCalls };
  for (const [param, most] of Object.entries(measures))
    if (most !== null && !(Number.isInteger(most) && most >= 1 && most <= MOST))
      throw new InvalidRequest(`a rate is limited to a whole number from 1 to ${MOST}`, { param });
  if (Object.values(measures).every((most) => most === null))
    throw new InvalidRequest('limit requests or tokens a minute, or calls at once', { param: 'requestsPerMinute' });
  return measures;
}

/** What the audit log says of a rate limit. */
function factsOf(limit: RateLimit): JsonObject {
  const { teamId, keyId, tag, requestsPerMinute, tokensPerMinute, concurrentCalls, managedBy, revision } = limit;
  return { teamId, keyId, tag, requestsPerMinute, tokensPerMinute, concurrentCalls, managedBy, revision };
}

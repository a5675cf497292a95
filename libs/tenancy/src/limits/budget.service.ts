import { formatUsd } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type { DataSource, EntityManager } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import type { Budget } from './budget.js';
import { BUDGET_COLUMNS, budgetOf } from './budget-row.js';
import type { BudgetRow } from './budget-row.js';
import { parseTerms } from './budget-terms.js';
import type { BudgetTerms, WishedTerms } from './budget-terms.js';
import { AT_PLACE, placeValues } from './limit-row.js';
import { demandManager, demandRevision, managerOf, takeTurn } from './limit-change.js';
import { parsePlace, settlePlace } from './limit-place.js';
import type { LimitPlace, WishedPlace } from './limit-place.js';
import { parsePool, settlePool } from './pool.js';
import type { WishedPool } from './pool.js';

interface Expectation {
  /** The revision that the caller has read; 0: there is none yet; left out or null: whichever there is is replaced. */
  readonly expectedRevision?: number | null;
}

export type SetBudget = WishedPlace & WishedTerms & Expectation;
export type SetPool = WishedPool & WishedTerms & Expectation;

/** What a budget is, as it is written. */
type WrittenBudget = LimitPlace & BudgetTerms & Pick<Budget, 'name' | 'pooledTeamIds'>;

const REFUSALS = {
  budget_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
  budget_team: () => notFound('team', 'teamId'),
};

/** What tenants, teams, keys and tags may spend. Every method throws DatabaseUnavailable where the database is away. */
export class BudgetService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /**
   * Makes a budget, or replaces the one of the same place and period; what was spent under that one stays spent.
   *
   * @throws InvalidRequest, ResourceNotFound, RevisionConflict; PermissionDenied for a member, where an administrator has
   * set the one in place.
   */
  async set(wish: SetBudget): Promise<Budget> {
    return this.#put(wish, parsePlace(wish), { name: null, pooledTeamIds: null });
  }

  /**
   * The same for a budget that teams share; it is known by its name and period.
   *
   * @throws as `set`.
   */
  async setPool(wish: SetPool): Promise<Budget> {
    const { teamIds, ...pool } = parsePool(wish);
    return this.#put(wish, parsePlace({ tenantId: wish.tenantId }), { ...pool, pooledTeamIds: teamIds });
  }

  /** What was spent stays on record. @throws ResourceNotFound, PermissionDenied as `set`. */
  async delete(id: string): Promise<Budget> {
    if (!isUuid(id)) throw notFound('budget', 'id');
    return this.database.change(async (manager, record) => {
      const before = await find(manager, 'id = $1', [id]);
      if (!before) throw notFound('budget', 'id');
      demandManager(this.actor, before);
      await manager.query(
        `UPDATE budget SET deleted_at = clock_timestamp(), changed_at = clock_timestamp(), changed_by = $3
          WHERE tenant_id = $1 AND id = $2`,
        [before.tenantId, before.id, this.actor.id],
      );
      await record({
        ...{ tenantId: before.tenantId, action: 'budget.delete', targetKind: 'budget', targetId: before.id },
        detail: { before: factsOf(before) },
      });
      return before;
    });
  }

  /** Whichever tenant's it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<Budget> {
    const [found] = isUuid(id) ? await this.#read('id = $1', [id]) : [];
    if (!found) throw notFound('budget', 'id');
    return found;
  }

  /** All of a tenant's budgets, oldest first. @throws ResourceNotFound for an id that can be none. */
  async list(tenantId: string): Promise<Budget[]> {
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    return this.#read('tenant_id = $1', [tenantId]);
  }

  /** Those of several tenants at once, for data loaders, all of them whatever they hold for; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<Budget[]> {
    return this.#read('tenant_id = ANY($1)', [tenantIds.filter(isUuid)]);
  }

  /** Those of several teams at once: their own, and those that they share; not those of their keys. */
  ofTeams(teamIds: readonly string[]): Promise<Budget[]> {
    return this.#read('key_id IS NULL AND (team_id = ANY($1) OR pooled_team_ids && $1::uuid[])', [
      teamIds.filter(isUuid),
    ]);
  }

  /** Those of several keys at once. */
  ofKeys(keyIds: readonly string[]): Promise<Budget[]> {
    return this.#read('key_id = ANY($1)', [keyIds.filter(isUuid)]);
  }

  #read(condition: string, parameters: readonly unknown[]): Promise<Budget[]> {
    return this.database.read((manager) => select(manager, condition, parameters));
  }

  #put(
    wish: WishedTerms & Expectation,
    wished: LimitPlace,
    pool: Pick<Budget, 'name' | 'pooledTeamIds'>,
  ): Promise<Budget> {
    const terms = parseTerms(wish);
    return this.database.change(async (manager, record) => {
      await takeTurn(manager, wished.tenantId);
      const place = await settlePlace(manager, wished);
      if (pool.pooledTeamIds !== null) await settlePool(manager, wished.tenantId, pool.pooledTeamIds);
      const written = { ...place, ...terms, ...pool };
      const before = await inPlace(manager, written);
      demandRevision(wish.expectedRevision ?? null, before);
      demandManager(this.actor, before);
      const after = await (before ? this.#replace(manager, before, written) : this.#insert(manager, written));
      await record({
        ...{ tenantId: after.tenantId, action: 'budget.set', targetKind: 'budget', targetId: after.id },
        detail: { ...(before && { before: factsOf(before) }), after: factsOf(after) },
      });
      return after;
    }, REFUSALS);
  }

  async #replace(manager: EntityManager, before: Budget, written: WrittenBudget): Promise<Budget> {
    const [rows] = await manager.query<[BudgetRow[], number]>(
      `UPDATE budget SET amount = $3, mode = $4, timezone = $5, thresholds = $6, downgrade_at = $7, pooled_team_ids = $8,
          managed_by = $9, changed_by = $10, changed_at = clock_timestamp(), revision = revision + 1
        WHERE tenant_id = $1 AND id = $2 RETURNING ${BUDGET_COLUMNS}`,
      [before.tenantId, before.id, ...this.#shared(written)],
    );
    return one(rows);
  }

  async #insert(manager: EntityManager, written: WrittenBudget): Promise<Budget> {
    const rows = await manager.query<BudgetRow[]>(
      `INSERT INTO budget (tenant_id, team_id, key_id, tag_key, tag_value, id, name, period, amount, mode, timezone,
          thresholds, downgrade_at, pooled_team_ids, managed_by, changed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING ${BUDGET_COLUMNS}`,
      [...placeValues(written), newId(), written.name, written.period, ...this.#shared(written)],
    );
    return one(rows);
  }

  /** Values of the columns that both statements write. */
  #shared({ amount, mode, timezone, thresholds, downgradeAt, pooledTeamIds }: WrittenBudget): readonly unknown[] {
    const { actor } = this;
    return [formatUsd(amount), mode, timezone, thresholds, downgradeAt, pooledTeamIds, managerOf(actor), actor.id];
  }
}

/** The budget that one so written would replace; locked, so that it is not deleted meanwhile. */
function inPlace(manager: EntityManager, budget: WrittenBudget): Promise<Budget | undefined> {
  const { tenantId, name, period, pooledTeamIds } = budget;
  return pooledTeamIds === null
    ? find(manager, `${AT_PLACE} AND period = $6 AND pooled_team_ids IS NULL`, [...placeValues(budget), period])
    : find(manager, 'tenant_id = $1 AND name = $2 AND period = $3 AND pooled_team_ids IS NOT NULL', [
        ...[tenantId, name, period],
      ]);
}

async function find(
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
): Promise<Budget | undefined> {
  const [found] = await select(manager, condition, parameters, 'FOR UPDATE');
  return found;
}

async function select(
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
  lock: 'FOR UPDATE' | '' = '',
): Promise<Budget[]> {
  const rows = await manager.query<BudgetRow[]>(
    `SELECT ${BUDGET_COLUMNS} FROM budget WHERE ${condition} AND deleted_at IS NULL ORDER BY id ${lock}`,
    [...parameters],
  );
  return rows.map(budgetOf);
}

function one([row]: readonly BudgetRow[]): Budget {
  if (!row) throw notFound('budget', 'id');
  return budgetOf(row);
}

/** What the audit log says of a budget. */
function factsOf(budget: Budget): JsonObject {
  const { name, pooledTeamIds, teamId, keyId, tag, amount, period, mode, timezone, thresholds, downgradeAt } = budget;
  return {
    ...{ name, pooledTeamIds, teamId, keyId, tag, limit: formatUsd(amount), period, mode, timezone, thresholds },
    ...{ downgradeAt, managedBy: budget.managedBy, revision: budget.revision },
  };
}

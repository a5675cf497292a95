import { formatUsd, InvalidRequest, parseUsd } from '@parsimony/contract';
import type { JsonObject, PicoDollars } from '@parsimony/contract';
import type { DataSource, EntityManager } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import { parseAmount } from './budget-terms.js';
import type { Credit } from './credit.js';

export interface GrantCredit {
  readonly budgetId: string;
  readonly amount: PicoDollars;
  readonly expiresAt: Date;
  readonly note?: string | null;
}

type CreditRow = Omit<Credit, 'amount' | 'consumed' | 'remaining'> & {
  readonly amount: string;
  readonly consumed: string;
  readonly ended: boolean;
};

const COLUMNS = `tenant_id AS "tenantId", id, budget_id AS "budgetId", amount, consumed, expires_at AS "expiresAt", note,
  created_at AS "createdAt", created_by AS "createdBy", revoked_at AS "revokedAt",
  (ended_at IS NOT NULL OR revoked_at IS NOT NULL OR expires_at <= clock_timestamp()) AS ended`;

const LONGEST_NOTE = 500;

/**
 * Money on top of budgets, once and until some day. It is used by whatever period goes beyond its limit; that it has ended
 * takes nothing back. Every method throws DatabaseUnavailable where the database is away.
 */
export class CreditService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws InvalidRequest; ResourceNotFound, for a budget that was deleted too. */
  async grant(wish: GrantCredit): Promise<Credit> {
    const { budgetId, expiresAt } = wish;
    const amount = parseAmount(wish.amount, 'amount');
    const note = parseNote(wish.note ?? null);
    if (!(expiresAt.getTime() > Date.now()))
      throw new InvalidRequest('a new credit expires in the future', { param: 'expiresAt' });
    if (!isUuid(budgetId)) throw notFound('budget', 'budgetId');
    return this.database.change(async (manager, record) => {
      // Made of the budget's own row: it is of that tenant, and of a budget that is still there.
      const [row] = await manager.query<CreditRow[]>(
        `INSERT INTO budget_credit (tenant_id, id, budget_id, amount, expires_at, note, created_by)
         SELECT tenant_id, $2, id, $3, $4, $5, $6 FROM budget WHERE id = $1 AND deleted_at IS NULL RETURNING ${COLUMNS}`,
        [budgetId, newId(), formatUsd(amount), expiresAt, note, this.actor.id],
      );
      if (!row) throw notFound('budget', 'budgetId');
      const credit = creditOf(row);
      await record({
        ...{ tenantId: credit.tenantId, action: 'credit.grant', targetKind: 'credit', targetId: credit.id },
        detail: { after: factsOf(credit) },
      });
      return credit;
    });
  }

  /** What it has paid for stays paid. Doing it again, or after it has expired, changes nothing. @throws ResourceNotFound */
  async revoke(id: string): Promise<Credit> {
    if (!isUuid(id)) throw notFound('credit', 'id');
    return this.database.change(async (manager, record) => {
      const [before] = await select(manager, 'id = $1', id, 'FOR UPDATE');
      if (!before) throw notFound('credit', 'id');
      if (before.ended) return creditOf(before);
      const [[row]] = await manager.query<[CreditRow[], number]>(
        `UPDATE budget_credit SET revoked_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [before.tenantId, id],
      );
      if (!row) throw notFound('credit', 'id');
      const credit = creditOf(row);
      await record({
        ...{ tenantId: credit.tenantId, action: 'credit.revoke', targetKind: 'credit', targetId: id },
        detail: { before: factsOf(creditOf(before)), after: factsOf(credit) },
      });
      return credit;
    });
  }

  /** Whichever tenant's it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<Credit> {
    const [row] = isUuid(id) ? await this.database.read((manager) => select(manager, 'id = $1', id)) : [];
    if (!row) throw notFound('credit', 'id');
    return creditOf(row);
  }

  /** Those of several budgets at once, ended ones included, oldest first. */
  async ofBudgets(budgetIds: readonly string[]): Promise<Credit[]> {
    const rows = await this.database.read((manager) =>
      select(manager, 'budget_id = ANY($1)', budgetIds.filter(isUuid)),
    );
    return rows.map(creditOf);
  }
}

function select(
  manager: EntityManager,
  condition: string,
  parameter: unknown,
  lock: 'FOR UPDATE' | '' = '',
): Promise<CreditRow[]> {
  return manager.query(`SELECT ${COLUMNS} FROM budget_credit WHERE ${condition} ORDER BY id ${lock}`, [parameter]);
}

function creditOf({ amount, consumed, ended, ...row }: CreditRow): Credit {
  const [whole, used] = [parseUsd(amount), parseUsd(consumed)];
  return { ...row, amount: whole, consumed: used, remaining: ended ? 0n : whole - used };
}

function parseNote(note: string | null): string | null {
  if (note === null) return null;
  const length = [...note].length;
  if (!note.isWellFormed() || note.includes('\0') || length > LONGEST_NOTE)
    throw new InvalidRequest(`a note is a text of at most ${LONGEST_NOTE} characters`, { param: 'note' });
  return note;
}

/** What the audit log says of a credit. */
function factsOf({ budgetId, amount, expiresAt, note, revokedAt }: Credit): JsonObject {
  return {
    ...{ budgetId, amount: formatUsd(amount), expiresAt: expiresAt.toISOString(), note },
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

import type { LeaseUnit } from '@parsimony/leases';
import type pg from 'pg';
import { NOW } from '../database/clock.js';
import type { Account } from './account.js';
import { GRANTED, TAKEN } from './lease-sums.js';
import type { Limit } from './limit.js';

interface AccountRow {
  readonly now: Date;
  readonly tenantId: string | null;
  readonly id: string;
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  readonly periodStart: Date;
  readonly periodEnd: Date | null;
  readonly base: string;
  readonly credited: string;
  readonly shortUntil: Date | null;
  readonly grantedToOthers: string;
  readonly takenByOthers: string;
  readonly otherHolders: number;
  readonly ownGranted: string | null;
  readonly ownSpent: string | null;
  readonly ownSequence: string | null;
}

export interface ReadAccounts {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly accounts: Account[];
}

/** Reads all accounts of limits, but for those that are final, as a holder's exchange sees them. */
export async function readAccounts(
  client: pg.ClientBase,
  limits: readonly Pick<Limit, 'tenantId' | 'id' | 'unit'>[],
  holder: string | null,
  now: Date | null,
): Promise<ReadAccounts> {
  const { rows } = await client.query<AccountRow>(ACCOUNTS, [
    now,
    limits.map(({ tenantId }) => tenantId),
    limits.map(({ id }) => id),
    limits.map(({ unit }) => unit),
    holder,
  ]);
  return {
    now: Number(rows[0]?.now),
    accounts: rows.filter(({ tenantId }) => tenantId !== null).map(toAccount),
  };
}

// Without an account there is one row all the same, which tells the time.
const ACCOUNTS = `
WITH clock AS MATERIALIZED (SELECT ${NOW} AS now),
wanted AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS _ (tenant_id, budget_id, unit))
SELECT clock.now, account.tenant_id AS "tenantId", account.id, account.budget_id AS "budgetId", account.unit,
       account.period_start AS "periodStart", account.period_end AS "periodEnd", account.base, account.credited,
       account.short_until AS "shortUntil", others.granted AS "grantedToOthers", others.taken AS "takenByOthers",
       others.holders AS "otherHolders", own.granted AS "ownGranted", own.spent AS "ownSpent", own.sequence AS "ownSequence"
  FROM clock
  LEFT JOIN (wanted JOIN budget_account AS account USING (tenant_id, budget_id, unit))
    ON account.final_at IS NULL
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(${GRANTED}), 0) AS granted, coalesce(sum(${TAKEN}), 0) AS taken,
           (count(*) FILTER (WHERE lease.closed_at IS NULL AND lease.expires_at >= clock.now))::int AS holders
      FROM budget_lease AS lease
     WHERE lease.tenant_id = account.tenant_id AND lease.account_id = account.id AND lease.holder IS DISTINCT FROM $5::uuid
  ) AS others ON true
  LEFT JOIN LATERAL (
    SELECT ${GRANTED} AS granted, lease.spent, lease.sequence
      FROM budget_lease AS lease
     WHERE lease.tenant_id = account.tenant_id AND lease.account_id = account.id AND lease.holder = $5::uuid
  ) AS own ON true`;

function toAccount(row: AccountRow): Account {
  const { id, budgetId, unit, otherHolders, ownGranted, ownSpent, ownSequence } = row;
  return {
    ...{ id, budgetId, unit, otherHolders },
    tenantId: String(row.tenantId),
    periodStart: Number(row.periodStart),
    periodEnd: row.periodEnd && Number(row.periodEnd),
    base: BigInt(row.base),
    credited: BigInt(row.credited),
    shortUntil: Number(row.shortUntil),
    grantedToOthers: BigInt(row.grantedToOthers),
    takenByOthers: BigInt(row.takenByOthers),
    own:
      ownGranted === null || ownSpent === null
        ? null
        : { granted: BigInt(ownGranted), spent: BigInt(ownSpent), sequence: Number(ownSequence) },
  };
}

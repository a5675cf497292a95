import { formatUsd } from '@parsimony/contract';
import type { LeaseUnit } from '@parsimony/leases';
import type pg from 'pg';
import { NOW } from '../database/clock.js';
import { recordEvents } from '../database/record-events.js';
import { inTransaction } from '../database/transaction.js';
import { lockLimits } from '../lending/read-limits.js';
import { spentOfLeases, type LeaseOfLedger, type SpentOfLease } from './spent-of-leases.js';
import type { Job } from './job.js';

interface FinishedLease extends LeaseOfLedger {
  readonly budgetId: string;
  readonly unit: LeaseUnit;
}

/** Leases settled at once. */
const BATCH = 1_000;

/** Settles the leases of processes that are no more, once all that they did stands in the ledger. */
export const settleJournals: Job = {
  name: 'settle-journals',
  everyMs: 0,
  async run({ pool, clock }) {
    const { rows: leases } = await pool.query<FinishedLease>(FINISHED, [BATCH]);
    if (leases.length === 0) return;
    // The ledger has all of them already, so that no lock is held while it is read.
    const spent = await spentOfLeases(
      pool,
      leases.filter(({ unit }) => unit === 'pico-dollars'),
    );
    await inTransaction(pool, async (client) => {
      await lockLimits(client, leases);
      await settle(client, leases, spent, clock());
    });
  },
};

const FINISHED = `
SELECT lease.tenant_id AS "tenantId", lease.id, account.budget_id AS "budgetId", account.unit,
       account.period_start AS "periodStart", account.period_end AS "periodEnd"
  FROM closed_journal AS journal
  JOIN budget_lease AS lease ON lease.holder = journal.instance AND lease.closed_at IS NULL
  JOIN budget_account AS account ON (account.tenant_id, account.id) = (lease.tenant_id, lease.account_id)
 ORDER BY journal.at LIMIT $1`;

async function settle(
  client: pg.ClientBase,
  leases: readonly FinishedLease[],
  spent: ReadonlyMap<string, SpentOfLease>,
  now: Date | null,
): Promise<void> {
  const settled = await client.query<{ id: string; at: Date }>(SETTLE, [
    now,
    leases.map(({ tenantId }) => tenantId),
    leases.map(({ id }) => id),
    leases.map(({ unit }) => unit),
    leases.map(({ id }) => spent.get(id)?.spent ?? 0n),
    leases.map(({ id }) => spent.get(id)?.unconfirmed ?? 0n),
  ]);
  const closed = new Map(settled.rows.map(({ id, at }) => [id, at]));
  const events = leases.flatMap(({ tenantId, budgetId, id }) => {
    const unconfirmed = spent.get(id)?.unconfirmed ?? 0n;
    if (unconfirmed === 0n || !closed.has(id)) return [];
    const detail = { leaseId: id, unconfirmedUsd: formatUsd(unconfirmed) };
    return [{ tenantId, budgetId, kind: 'lease-settled', detail } as const];
  });
  await recordEvents(client, events, settled.rows[0]?.at ?? new Date());
}

// What the process has reported last stands where the ledger knows of less. Calls died with it. Its requests and tokens
// are over within a minute: nothing is gained by giving them back.
const SETTLE = `
UPDATE budget_lease AS lease
   SET spent = greatest(lease.spent, settled.spent), held = 0, closed_at = ${NOW},
       unconfirmed = CASE settled.unit WHEN 'pico-dollars' THEN settled.unconfirmed ELSE lease.unconfirmed END,
       granted = CASE settled.unit
         WHEN 'pico-dollars' THEN greatest(lease.spent, settled.spent) + settled.unconfirmed
         WHEN 'calls' THEN 0 ELSE lease.granted END
  FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::numeric[], $6::numeric[])
       AS settled (tenant_id, id, unit, spent, unconfirmed)
 WHERE (lease.tenant_id, lease.id) = (settled.tenant_id, settled.id) AND lease.closed_at IS NULL
RETURNING lease.id, lease.closed_at AS at`;

import type { LeaseUnit } from '@parsimony/leases';
import { NOW } from '../database/clock.js';
import { inTransaction } from '../database/transaction.js';
import { countBase } from '../lending/count-base.js';
import { limitKey } from '../lending/limit.js';
import { readLimits } from '../lending/read-limits.js';
import type { Job } from './job.js';

interface DueAccount {
  readonly tenantId: string;
  readonly id: string;
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  readonly periodStart: Date;
  readonly periodEnd: Date | null;
  readonly base: string;
  /** Opened so long ago that no further count is due by itself. */
  readonly old: boolean;
  /** When the next count is due; as text, to the microsecond. */
  readonly next: string;
}

const BATCH = 100;

/**
 * Counts again what calls have spent that no lease tells of: those that gateways made before they heard of the budget, and
 * those that went on while the service was away. Until nothing new is found: their rows may come late to the ledger.
 */
export const recountBase: Job = {
  name: 'recount-base',
  everyMs: 0,
  async run({ pool, clock }) {
    const { rows: due } = await pool.query<DueAccount>(TAKE_DUE, [clock(), BATCH]);
    if (due.length === 0) return;
    // No limit is locked: a count reads much of the ledger, and nobody should wait for it.
    const unchanged = await inTransaction(pool, async (client) => {
      const limits = await readLimits(client, due);
      const counted = due.flatMap(({ periodStart, periodEnd, ...account }) => {
        const budget = limits.get(limitKey({ ...account, id: account.budgetId }))?.budget;
        const period = { periodStart: periodStart.getTime(), periodEnd: periodEnd && periodEnd.getTime() };
        return budget ? [{ budget, account: { ...account, ...period } }] : [];
      });
      const bases = await countBase(client, counted);
      return due.filter(({ id, base, old }) => old && bases.get(id) === BigInt(base));
    });
    await pool.query(DONE, [
      unchanged.map(({ tenantId }) => tenantId),
      unchanged.map(({ id }) => id),
      unchanged.map(({ next }) => next),
    ]);
  },
};

// A further count is put down before this one is made: it takes place even if this process ends meanwhile.
const TAKE_DUE = `
WITH clock AS MATERIALIZED (SELECT ${NOW} AS now),
due AS (
  SELECT tenant_id, id FROM budget_account, clock
   WHERE final_at IS NULL AND base_due_at <= clock.now ORDER BY base_due_at LIMIT $2 FOR UPDATE OF budget_account SKIP LOCKED)
UPDATE budget_account AS account SET base_due_at = clock.now + interval '55 seconds'
  FROM due, clock
 WHERE (account.tenant_id, account.id) = (due.tenant_id, due.id)
RETURNING account.tenant_id AS "tenantId", account.id, budget_id AS "budgetId", unit, period_start AS "periodStart",
          period_end AS "periodEnd", base, opened_at + interval '60 seconds' <= clock.now AS old, base_due_at::text AS next`;

// Where calls without a lease were told of meanwhile, another count is due sooner, and stays so.
const DONE = `
UPDATE budget_account AS account SET base_due_at = NULL
  FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS done (tenant_id, id, next)
 WHERE (account.tenant_id, account.id) = (done.tenant_id, done.id) AND account.base_due_at = done.next`;

import { formatUsd } from '@parsimony/contract';
import { NOW } from '../database/clock.js';
import { recordEvents } from '../database/record-events.js';
import { inTransaction } from '../database/transaction.js';
import type { Job } from './job.js';

interface Crossing {
  readonly now: Date;
  readonly tenantId: string;
  readonly budgetId: string;
  readonly accountId: string;
  readonly shares: readonly number[];
  readonly spent: string;
  readonly allowed: string;
  readonly periodStart: Date;
}

/** Records, once for each period, that so great a share of a budget is spent. */
export const passThresholds: Job = {
  name: 'pass-thresholds',
  everyMs: 0,
  async run({ pool, clock }) {
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<Crossing>(CROSS, [clock()]);
      const events = rows.flatMap(({ tenantId, budgetId, accountId, shares, spent, allowed, periodStart }) =>
        shares.map((threshold) => {
          const amounts = { spentUsd: formatUsd(BigInt(spent)), limitUsd: formatUsd(BigInt(allowed)) };
          const detail = { threshold, ...amounts, accountId, periodStart: periodStart.toISOString() };
          return { tenantId, budgetId, kind: 'threshold', detail } as const;
        }),
      );
      await recordEvents(client, events, rows[0]?.now ?? new Date());
    });
  },
};

// The last condition is looked at again when another instance has changed the row meanwhile: one of the two records it.
const CROSS = `
WITH clock AS MATERIALIZED (SELECT ${NOW} AS now),
standing AS (
  SELECT account.tenant_id, account.id, budget.thresholds,
         account.base + (
           SELECT coalesce(sum(lease.spent + lease.unconfirmed), 0) FROM budget_lease AS lease
            WHERE (lease.tenant_id, lease.account_id) = (account.tenant_id, account.id)) AS spent,
         account.credited + trunc(1000000000000 * (budget.amount + (
           SELECT coalesce(sum(credit.amount - credit.consumed), 0) FROM budget_credit AS credit
            WHERE (credit.tenant_id, credit.budget_id) = (budget.tenant_id, budget.id)
              AND credit.ended_at IS NULL AND credit.revoked_at IS NULL AND credit.expires_at > clock.now))) AS allowed
    FROM clock
    JOIN budget_account AS account ON account.final_at IS NULL AND account.unit = 'pico-dollars'
    JOIN budget ON (budget.tenant_id, budget.id) = (account.tenant_id, account.budget_id)
     AND budget.deleted_at IS NULL AND NOT budget.thresholds <@ account.thresholds_passed),
crossed AS (
  SELECT tenant_id, id, spent, allowed, shares
    FROM standing, LATERAL (
      SELECT array_agg(share ORDER BY share) AS shares FROM unnest(thresholds) AS share
       WHERE spent >= share::numeric * allowed
         AND share <> ALL (SELECT unnest(thresholds_passed) FROM budget_account AS passed
                            WHERE (passed.tenant_id, passed.id) = (standing.tenant_id, standing.id))) AS reached
   WHERE shares IS NOT NULL)
UPDATE budget_account AS account SET thresholds_passed = account.thresholds_passed || crossed.shares
  FROM crossed, clock
 WHERE (account.tenant_id, account.id) = (crossed.tenant_id, crossed.id)
   AND NOT account.thresholds_passed && crossed.shares
RETURNING clock.now, account.tenant_id AS "tenantId", account.budget_id AS "budgetId", account.id AS "accountId",
          crossed.shares, crossed.spent, crossed.allowed, account.period_start AS "periodStart"`;

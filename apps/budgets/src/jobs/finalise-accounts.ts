import { attributeOverage } from '@parsimony/budgets';
import type pg from 'pg';
import { NOW } from '../database/clock.js';
import { inTransaction } from '../database/transaction.js';
import { countBase } from '../lending/count-base.js';
import { toUse } from '../lending/lending-round.js';
import { limitKey } from '../lending/limit.js';
import { readAccounts } from '../lending/read-accounts.js';
import { readCredits } from '../lending/read-credits.js';
import { lockLimits } from '../lending/read-limits.js';
import { payFromCredits } from './pay-from-credits.js';
import type { Job, JobContext } from './job.js';

interface OverAccount {
  readonly tenantId: string;
  readonly id: string;
  readonly budgetId: string;
}

const BATCH = 100;

/**
 * Makes accounts final whose period is over, or whose budget is no more, once no process can charge anything to them. What
 * they used of credits is consumed then; the rest of the credits is for the periods to come.
 */
export const finaliseAccounts: Job = {
  name: 'finalise-accounts',
  everyMs: 0,
  async run(context) {
    const { rows } = await context.pool.query<OverAccount>(OVER, [context.clock(), BATCH]);
    for (const account of rows) await finalise(account, context);
  },
};

/** No process has a lease, and none that fell silent was known to have a call under way. */
const QUIET = `NOT EXISTS (SELECT FROM budget_lease AS lease
  WHERE (lease.tenant_id, lease.account_id) = (account.tenant_id, account.id)
    AND lease.closed_at IS NULL AND (lease.held > 0 OR lease.expires_at >= clock.now))`;

const OVER = `
WITH clock AS MATERIALIZED (SELECT ${NOW} AS now)
SELECT account.tenant_id AS "tenantId", account.id, account.budget_id AS "budgetId"
  FROM clock
  JOIN budget_account AS account ON account.final_at IS NULL AND account.unit = 'pico-dollars'
  JOIN budget ON (budget.tenant_id, budget.id) = (account.tenant_id, account.budget_id)
 WHERE least(account.period_end, budget.deleted_at) < clock.now - interval '15 minutes' AND ${QUIET}
 ORDER BY account.period_start LIMIT $2`;

async function finalise({ tenantId, id, budgetId }: OverAccount, { pool, clock }: JobContext): Promise<void> {
  const budget = { tenantId, id: budgetId, budgetId, unit: 'pico-dollars' } as const;
  await inTransaction(pool, async (client) => {
    const limit = (await lockLimits(client, [budget])).get(limitKey(budget));
    const former = await readAccounts(client, [budget], null, clock());
    const account = former.accounts.find((each) => each.id === id);
    if (!limit?.budget || !account || !(await close(client, account, former.now))) return;
    // The last moment for calls that no lease covered, whose rows came late.
    const bases = await countBase(client, [{ account, budget: limit.budget }]);
    if (limit.amount === null) return;
    const accounts = former.accounts.map((each) => ({ ...each, base: bases.get(each.id) ?? each.base }));
    const credits = await readCredits(client, [budget]);
    const shares = attributeOverage(limit.amount, accounts.map(toUse), credits);
    await payFromCredits(
      client,
      tenantId,
      shares.filter(({ accountId }) => accountId === id),
    );
  });
}

/** @returns false where somebody has a lease on it again. */
async function close(
  client: pg.ClientBase,
  { tenantId, id }: Omit<OverAccount, 'budgetId'>,
  now: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH clock AS (SELECT $1::timestamptz AS now)
     UPDATE budget_account AS account SET final_at = clock.now, base_due_at = NULL
       FROM clock
      WHERE account.tenant_id = $2 AND account.id = $3 AND account.final_at IS NULL AND ${QUIET}`,
    [new Date(now), tenantId, id],
  );
  return rowCount === 1;
}

import { attributeOverage } from '@parsimony/budgets';
import { NOW } from '../database/clock.js';
import { inTransaction } from '../database/transaction.js';
import { limitKey } from '../lending/limit.js';
import { toUse } from '../lending/lending-round.js';
import { readAccounts } from '../lending/read-accounts.js';
import { isOpen, readCredits } from '../lending/read-credits.js';
import { lockLimits } from '../lending/read-limits.js';
import { payFromCredits } from './pay-from-credits.js';
import type { Job, JobContext } from './job.js';

/** Ends credits that have expired or were revoked: what they have paid for stays paid, the rest is gone. */
export const endCredits: Job = {
  name: 'end-credits',
  everyMs: 0,
  async run(context) {
    const { rows: budgets } = await context.pool.query<{ tenantId: string; id: string }>(ENDING, [context.clock()]);
    for (const budget of budgets) await endCreditsOf(budget, context);
  },
};

const ENDING = `
SELECT DISTINCT tenant_id AS "tenantId", budget_id AS id FROM budget_credit
 WHERE ended_at IS NULL AND (revoked_at IS NOT NULL OR expires_at <= ${NOW})`;

async function endCreditsOf(
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  { pool, clock }: JobContext,
): Promise<void> {
  const budget = { tenantId, id, budgetId: id, unit: 'pico-dollars' } as const;
  await inTransaction(pool, async (client) => {
    const limit = (await lockLimits(client, [budget])).get(limitKey(budget));
    const { now, accounts } = await readAccounts(client, [budget], null, clock());
    const credits = await readCredits(client, [budget]);
    const ended = new Set(credits.filter((credit) => !isOpen(credit, now)).map((credit) => credit.id));
    if (limit && limit.amount !== null) {
      const shares = attributeOverage(limit.amount, accounts.map(toUse), credits);
      await payFromCredits(
        client,
        tenantId,
        shares.filter(({ creditId }) => ended.has(creditId)),
      );
    }
    await client.query(
      'UPDATE budget_credit SET ended_at = $1 WHERE tenant_id = $2 AND id = ANY($3::uuid[]) AND ended_at IS NULL',
      [new Date(now), tenantId, [...ended]],
    );
  });
}

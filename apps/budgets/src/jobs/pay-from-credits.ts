import type { CreditShare } from '@parsimony/budgets';
import type pg from 'pg';

/** Writes down for good what credits have paid for: as consumed of the credits, as limit of the accounts. */
export async function payFromCredits(
  client: pg.ClientBase,
  tenantId: string,
  shares: readonly CreditShare[],
): Promise<void> {
  if (shares.length === 0) return;
  await client.query(
    `WITH paid AS (SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::numeric[]) AS _ (credit_id, account_id, amount)),
     consumed AS (
       UPDATE budget_credit AS credit SET consumed = credit.consumed + by_credit.amount / 1000000000000
         FROM (SELECT credit_id, sum(amount) AS amount FROM paid GROUP BY credit_id) AS by_credit
        WHERE (credit.tenant_id, credit.id) = ($1, by_credit.credit_id))
     UPDATE budget_account AS account SET credited = account.credited + by_account.amount
       FROM (SELECT account_id, sum(amount) AS amount FROM paid GROUP BY account_id) AS by_account
      WHERE (account.tenant_id, account.id) = ($1, by_account.account_id)`,
    [
      tenantId,
      shares.map(({ creditId }) => creditId),
      shares.map(({ accountId }) => accountId),
      shares.map(({ amount }) => amount),
    ],
  );
}

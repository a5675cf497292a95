import type { OpenCredit } from '@parsimony/budgets';
import { parseUsd } from '@parsimony/contract';
import type pg from 'pg';

/** A credit of which it is not settled what it has paid for. */
export interface UnendedCredit extends OpenCredit {
  readonly tenantId: string;
  readonly budgetId: string;
  readonly revoked: boolean;
}

interface CreditRow extends Pick<UnendedCredit, 'tenantId' | 'budgetId' | 'id' | 'revoked'> {
  readonly amount: string;
  readonly consumed: string;
  readonly expiresAt: Date;
}

/** Reads the credits of budgets, those among them that have expired or were revoked, but not yet ended. */
export async function readCredits(
  client: pg.ClientBase,
  budgets: readonly { readonly tenantId: string; readonly id: string }[],
): Promise<readonly UnendedCredit[]> {
  if (budgets.length === 0) return [];
  const { rows } = await client.query<CreditRow>(
    `SELECT tenant_id AS "tenantId", id, budget_id AS "budgetId", amount, consumed, expires_at AS "expiresAt",
            revoked_at IS NOT NULL AS revoked
       FROM budget_credit
      WHERE ended_at IS NULL AND (tenant_id, budget_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
    [budgets.map(({ tenantId }) => tenantId), budgets.map(({ id }) => id)],
  );
  return rows.map(({ amount, consumed, expiresAt, ...credit }) => ({
    ...credit,
    amount: parseUsd(amount),
    consumed: parseUsd(consumed),
    expiresAt: expiresAt.getTime(),
  }));
}

/** Whether it still pays for what is lent. */
export function isOpen(credit: UnendedCredit, now: number): boolean {
  return !credit.revoked && now < credit.expiresAt;
}

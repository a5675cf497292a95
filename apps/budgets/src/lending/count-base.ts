import { ledgerScope } from '@parsimony/budgets';
import { parseUsd } from '@parsimony/contract';
import type pg from 'pg';
import type { Account } from './account.js';
import type { BudgetRule } from './limit.js';

/** A money account, and which calls count for it. */
export interface CountedAccount {
  readonly account: Pick<Account, 'tenantId' | 'id' | 'periodStart' | 'periodEnd'>;
  readonly budget: BudgetRule;
}

interface CountRow {
  readonly id: string;
  readonly cost: string;
}

/** Counted by one statement: its text, and its plan, grow with them. */
const BATCH = 200;

/**
 * Counts in the ledger what was spent under accounts by calls that were charged to none of their leases, and writes it
 * down as their base.
 *
 * @returns pico-dollars by account id.
 */
export async function countBase(
  client: pg.ClientBase,
  accounts: readonly CountedAccount[],
): Promise<ReadonlyMap<string, bigint>> {
  const bases = new Map<string, bigint>();
  for (let first = 0; first < accounts.length; first += BATCH) {
    const rows = await countBatch(client, accounts.slice(first, first + BATCH));
    for (const { id, cost } of rows) bases.set(id, parseUsd(cost));
  }
  return bases;
}

async function countBatch(client: pg.ClientBase, accounts: readonly CountedAccount[]): Promise<readonly CountRow[]> {
  const parameters: unknown[] = [];
  const counts = accounts.map(({ account, budget }) => {
    const next = (value: unknown): string => `$${parameters.push(value)}`;
    const [tenant, id] = [next(account.tenantId), next(account.id)];
    const from = `at >= ${next(new Date(account.periodStart))}`;
    const to = account.periodEnd === null ? '' : ` AND at < ${next(new Date(account.periodEnd))}`;
    const scope = ledgerScope(budget, parameters.length + 1);
    parameters.push(...scope.parameters);
    const charged = `leases && ARRAY(SELECT id FROM budget_lease WHERE tenant_id = ${tenant} AND account_id = ${id})`;
    return `SELECT ${tenant}::uuid AS tenant_id, ${id}::bigint AS id, coalesce(sum(cost), 0) AS cost
      FROM usage WHERE ${scope.sql} AND ${from}${to} AND (${charged}) IS NOT TRUE`;
  });
  const { rows } = await client.query<CountRow>(
    `UPDATE budget_account AS account SET base = counted.cost * 1000000000000
       FROM (${counts.join(' UNION ALL ')}) AS counted
      WHERE (account.tenant_id, account.id) = (counted.tenant_id, counted.id)
     RETURNING account.id, counted.cost`,
    parameters,
  );
  return rows;
}

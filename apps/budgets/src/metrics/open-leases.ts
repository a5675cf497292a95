import type pg from 'pg';
import type { OpenLeases } from './budgets-metrics.js';

/** Counts what gateways have borrowed now, all instances of the service together. */
export async function openLeases(pool: pg.Pool): Promise<readonly OpenLeases[]> {
  const { rows } = await pool.query<OpenLeases>(`
    SELECT unit, count(*)::int AS leases,
           (sum(granted - spent) / CASE unit WHEN 'pico-dollars' THEN 1000000000000 ELSE 1 END)::float8 AS idle
      FROM budget_lease AS lease JOIN budget_account AS account ON (account.tenant_id, account.id) = (lease.tenant_id, lease.account_id)
     WHERE closed_at IS NULL AND expires_at > clock_timestamp()
     GROUP BY unit`);
  return rows;
}

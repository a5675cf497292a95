import type { LeaseUnit } from '@parsimony/leases';
import type pg from 'pg';
import type { Account } from './account.js';
import type { AccountsByLimit } from './accounts-by-limit.js';
import { countBase } from './count-base.js';
import { limitKey, periodAt, type Limit } from './limit.js';
import { isTimely } from './period-rules.js';

/** A moment in the longest of periods cannot be farther ahead. */
const FARTHEST_MS = 32 * 86_400_000;

interface OpenedRow {
  readonly tenantId: string;
  readonly id: string;
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  readonly periodStart: Date;
  readonly periodEnd: Date | null;
}

/** A moment at which somebody wants to spend under a limit. */
export interface Demand {
  readonly limit: Limit;
  readonly at: number;
}

/**
 * Opens accounts for moments that no account holds. The limits' rows are locked, so that nobody opens the same.
 *
 * @param demands none of deleted limits, none twice for one period.
 * @returns what was opened, with what the ledger knows already. Nothing for a moment whose period is over, or far.
 */
export async function openAccounts(
  client: pg.ClientBase,
  demands: readonly Demand[],
  now: number,
): Promise<readonly Account[]> {
  const periods = demands.flatMap(({ limit, at }) => {
    const period = periodAt(limit, at);
    return isTimely(limit.unit, period, now) ? [{ limit, at, period }] : [];
  });
  if (periods.length === 0) return [];
  const { rows } = await client.query<OpenedRow>(OPEN, [
    new Date(now),
    periods.map(({ limit }) => limit.tenantId),
    periods.map(({ limit }) => limit.id),
    periods.map(({ limit }) => limit.unit),
    periods.map(({ at }) => new Date(at)),
    periods.map(({ period }) => new Date(period.start)),
    periods.map(({ period }) => (period.end === null ? null : new Date(period.end))),
  ]);
  const opened = rows.map(toAccount);
  const budgets = new Map(periods.map(({ limit }) => [limitKey(limit), limit.budget]));
  const bases = await countBase(
    client,
    opened.flatMap((account) => {
      const budget = budgets.get(limitKey({ ...account, id: account.budgetId }));
      return budget ? [{ account, budget }] : [];
    }),
  );
  return opened.map((account) => ({ ...account, base: bases.get(account.id) ?? 0n }));
}

/** The demands that no account holds, the first one for each period. */
export function unmet(demands: readonly Demand[], accounts: AccountsByLimit, now: number): readonly Demand[] {
  const periods = new Set<string>();
  return demands.filter(({ limit, at }) => {
    // No calendar has moments beyond the year 275760, which a broken clock may well tell.
    if (at > now + FARTHEST_MS || accounts.at(limit, at)) return false;
    const period = `${limitKey(limit)}/${periodAt(limit, at).start}`;
    return !periods.has(period) && periods.add(period);
  });
}

// After a change of time zone the new periods begin where those of the old one end, and end where one begins: no moment is
// in two, whose spending would be counted twice. A moment in a final account's period comes too late.
const OPEN = `
INSERT INTO budget_account (tenant_id, budget_id, unit, period_start, period_end, opened_at, base_due_at)
SELECT tenant_id, budget_id, unit,
       greatest(starts_at, (SELECT max(former.period_end) FROM budget_account AS former
         WHERE (former.tenant_id, former.budget_id, former.unit) = (wanted.tenant_id, wanted.budget_id, wanted.unit)
           AND former.period_end <= wanted.at)),
       least(ends_at, (SELECT min(later.period_start) FROM budget_account AS later
         WHERE (later.tenant_id, later.budget_id, later.unit) = (wanted.tenant_id, wanted.budget_id, wanted.unit)
           AND later.period_start > wanted.at)),
       $1, CASE WHEN unit = 'pico-dollars' THEN $1::timestamptz + interval '5 seconds' END
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
       AS wanted (tenant_id, budget_id, unit, at, starts_at, ends_at)
 WHERE NOT EXISTS (SELECT FROM budget_account AS there
         WHERE (there.tenant_id, there.budget_id, there.unit) = (wanted.tenant_id, wanted.budget_id, wanted.unit)
           AND there.period_start <= wanted.at AND wanted.at < there.period_end)
RETURNING tenant_id AS "tenantId", id, budget_id AS "budgetId", unit, period_start AS "periodStart", period_end AS "periodEnd"`;

function toAccount(row: OpenedRow): Account {
  return {
    ...row,
    periodStart: row.periodStart.getTime(),
    periodEnd: row.periodEnd && row.periodEnd.getTime(),
    ...{ base: 0n, credited: 0n, shortUntil: 0, grantedToOthers: 0n, takenByOthers: 0n, otherHolders: 0, own: null },
  };
}

import { parseUsd, type PicoDollars } from '@parsimony/contract';
import type pg from 'pg';

/** A lease, and where in the ledger its calls are. */
export interface LeaseOfLedger {
  readonly tenantId: string;
  readonly id: string;
  readonly periodStart: Date;
  readonly periodEnd: Date | null;
}

export interface SpentOfLease {
  readonly spent: PicoDollars;
  /** What calls of which nobody knows the price may have cost beyond that. */
  readonly unconfirmed: PicoDollars;
}

interface SpentRow {
  readonly id: string;
  readonly spent: string;
  readonly unconfirmed: string;
}

/** Calls are charged to the period of their arrival; a day more on both sides costs one partition at most. */
const MARGIN_MS = 86_400_000;

/** What the ledger knows to have been charged to leases, by their ids. One pass for each tenant. */
export async function spentOfLeases(
  pool: pg.Pool,
  leases: readonly LeaseOfLedger[],
): Promise<ReadonlyMap<string, SpentOfLease>> {
  const byTenant = Map.groupBy(leases, ({ tenantId }) => tenantId);
  const spent = new Map<string, SpentOfLease>();
  for (const [tenantId, ofTenant] of byTenant) {
    for (const row of await spentOfTenant(pool, tenantId, ofTenant)) {
      spent.set(row.id, { spent: parseUsd(row.spent), unconfirmed: parseUsd(row.unconfirmed) });
    }
  }
  return spent;
}

async function spentOfTenant(
  pool: pg.Pool,
  tenantId: string,
  leases: readonly LeaseOfLedger[],
): Promise<readonly SpentRow[]> {
  const from = Math.min(...leases.map(({ periodStart }) => periodStart.getTime())) - MARGIN_MS;
  const ends = leases.map(({ periodEnd }) => periodEnd?.getTime() ?? Infinity);
  const to = Math.max(...ends) + MARGIN_MS;
  const { rows } = await pool.query<SpentRow>(SPENT, [
    tenantId,
    new Date(from),
    Number.isFinite(to) ? new Date(to) : null,
    leases.map(({ id }) => id),
  ]);
  return rows;
}

// The bounds of "at" let PostgreSQL leave out the partitions of other months.
const SPENT = `
SELECT lease AS id, sum(cost) AS spent,
       sum(CASE WHEN settlement = 'exact' THEN 0 ELSE greatest(reserved - cost, 0) END) AS unconfirmed
  FROM usage, unnest(leases) AS lease
 WHERE tenant_id = $1 AND at >= $2 AND ($3::timestamptz IS NULL OR at < $3) AND leases && $4::bigint[]
   AND lease = ANY($4::bigint[])
 GROUP BY lease`;

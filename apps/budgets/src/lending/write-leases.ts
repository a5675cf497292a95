import type pg from 'pg';
import type { LentLease } from './lending-round.js';

export interface LeaseTimes {
  readonly now: number;
  readonly expiresAt: Date;
}

/**
 * Writes down what was lent, and what the holder has told.
 *
 * @returns the leases' ids by account id.
 */
export async function writeLeases(
  client: pg.ClientBase,
  holder: string,
  sequence: number,
  leases: readonly LentLease[],
  { now, expiresAt }: LeaseTimes,
): Promise<ReadonlyMap<string, string>> {
  if (leases.length === 0) return new Map();
  const changed = leases.filter(({ account, shortUntil }) => shortUntil > account.shortUntil);
  const uncovered = leases.filter(({ request, account }) => request.uncovered && account.unit === 'pico-dollars');
  const accounts = new Set([...changed, ...uncovered]);
  const { rows } = await client.query<{ id: string; accountId: string }>(WRITE, [
    ...[holder, sequence, expiresAt],
    leases.map(({ account }) => account.tenantId),
    leases.map(({ account }) => account.id),
    leases.map(({ loan }) => loan.granted),
    leases.map(({ request }) => request.spent),
    leases.map(({ request }) => request.held),
    leases.map(({ request }) => request.unconfirmed),
  ]);
  if (accounts.size > 0) await noteOnAccounts(client, [...accounts], now);
  return new Map(rows.map(({ id, accountId }) => [accountId, id]));
}

// A lease that was settled opens again when its holder is heard of after all: it is settled anew.
const WRITE = `
INSERT INTO budget_lease AS lease
       (holder, sequence, expires_at, tenant_id, account_id, granted, spent, held, unconfirmed)
SELECT $1, $2, $3, *
  FROM unnest($4::uuid[], $5::bigint[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
ON CONFLICT (tenant_id, account_id, holder) DO UPDATE
   SET sequence = excluded.sequence, expires_at = excluded.expires_at, granted = excluded.granted,
       spent = excluded.spent, held = excluded.held, unconfirmed = excluded.unconfirmed, closed_at = NULL
RETURNING id, account_id AS "accountId"`;

/** That somebody is short, and that the ledger has calls that no lease tells of. */
async function noteOnAccounts(client: pg.ClientBase, leases: readonly LentLease[], now: number): Promise<void> {
  await client.query(
    `UPDATE budget_account AS account
        SET short_until = noted.short_until,
            base_due_at = CASE WHEN noted.uncovered
              THEN least(account.base_due_at, $1::timestamptz + interval '5 seconds') ELSE account.base_due_at END
       FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::boolean[])
            AS noted (tenant_id, id, short_until, uncovered)
      WHERE (account.tenant_id, account.id) = (noted.tenant_id, noted.id)`,
    [
      new Date(now),
      leases.map(({ account }) => account.tenantId),
      leases.map(({ account }) => account.id),
      leases.map(({ shortUntil }) => (shortUntil > 0 ? new Date(shortUntil) : null)),
      leases.map(({ request, account }) => request.uncovered && account.unit === 'pico-dollars'),
    ],
  );
}

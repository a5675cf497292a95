import type { RetentionPolicy, RetentionReport } from '@parsimony/persistence';
import type { DataSource } from 'typeorm';

/** What `runRetention` would give up at this moment. */
export async function retentionPreview(
  dataSource: DataSource,
  { usageMonths, auditDays, now = new Date() }: RetentionPolicy,
): Promise<RetentionReport> {
  const partitions = await dataSource.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'usage'::regclass AND $2::int IS NOT NULL
       AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC'
         <= date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(months => $2)
     ORDER BY relname`,
    [now, usageMonths ?? null],
  );
  const [counts] = await dataSource.query<{ events: number; budgetEvents: number; records: number }[]>(
    `SELECT
       (SELECT count(*)::int FROM audit_event WHERE at < $1::timestamptz - make_interval(days => $2)) AS events,
       (SELECT count(*)::int FROM budget_event WHERE at < $1::timestamptz - make_interval(days => $2)) AS "budgetEvents",
       (SELECT count(*)::int FROM idempotency_record WHERE expires_at <= $1) AS records`,
    [now, auditDays ?? null],
  );
  return {
    usagePartitions: partitions.map(({ name }) => name),
    auditEvents: counts?.events ?? 0,
    budgetEvents: counts?.budgetEvents ?? 0,
    idempotencyRecords: counts?.records ?? 0,
  };
}

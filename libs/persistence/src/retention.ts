import type { DataSource } from 'typeorm';
import { throughDatabase } from './database-availability.js';

export interface RetentionPolicy {
  /** Whole months of the ledger that are kept besides the current one; undefined: all. */
  readonly usageMonths?: number | undefined;
  /** Days for which audit events and those of budgets are kept; undefined: for ever. */
  readonly auditDays?: number | undefined;
  readonly now?: Date;
}

/** What was given up. */
export interface RetentionReport {
  /** Partitions of the ledger, such as `usage_2025_12`. */
  readonly usagePartitions: readonly string[];
  readonly auditEvents: number;
  readonly budgetEvents: number;
  /** Idempotency records that had expired. */
  readonly idempotencyRecords: number;
}

/**
 * Gives up what need not be kept any longer. It may run anywhere and at any time, several at once too.
 *
 * @throws RangeError for a number of months or days that is none; DatabaseUnavailable. A ledger that is being read for long
 * makes it give up after 5 s with PostgreSQL's `lock_not_available`: run it again.
 */
export function runRetention(dataSource: DataSource, policy: RetentionPolicy): Promise<RetentionReport> {
  const { usageMonths, auditDays, now = new Date() } = policy;
  for (const count of [usageMonths, auditDays])
    if (count !== undefined && !(Number.isInteger(count) && count >= 0))
      throw new RangeError(`retention takes a whole number of months and days, not ${count}`);
  return throughDatabase(async () => {
    const partitions =
      usageMonths === undefined
        ? []
        : await dataSource.query<{ name: string }[]>(
            `SELECT drop_usage_partitions_before(
               (date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') - make_interval(months => $2)) AT TIME ZONE 'UTC'
             ) AS name`,
            [now, usageMonths],
          );
    const auditEvents = auditDays === undefined ? 0 : await purgeAudit(dataSource, now, auditDays);
    return {
      usagePartitions: partitions.map(({ name }) => name),
      auditEvents,
      budgetEvents: auditDays === undefined ? 0 : await purgeBudgetEvents(dataSource, now, auditDays),
      idempotencyRecords: await purgeIdempotencyRecords(dataSource, now),
    };
  });
}

/** Deletes idempotency records that have expired. @returns how many. */
export async function purgeIdempotencyRecords(dataSource: DataSource, now = new Date()): Promise<number> {
  const [, purged] = await dataSource.query<[unknown, number]>(
    `DELETE FROM idempotency_record WHERE expires_at <= $1`,
    [now],
  );
  return purged;
}

async function purgeAudit(dataSource: DataSource, now: Date, days: number): Promise<number> {
  const [row] = await dataSource.query<{ purged: string }[]>(
    `SELECT purge_audit_events_before($1::timestamptz - make_interval(days => $2)) AS purged`,
    [now, days],
  );
  return Number(row?.purged ?? 0);
}

async function purgeBudgetEvents(dataSource: DataSource, now: Date, days: number): Promise<number> {
  const [, purged] = await dataSource.query<[unknown, number]>(
    `DELETE FROM budget_event WHERE at < $1::timestamptz - make_interval(days => $2)`,
    [now, days],
  );
  return purged;
}

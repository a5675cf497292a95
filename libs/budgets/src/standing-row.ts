import type { EntityManager } from 'typeorm';
import type { LeaseStandingOfHolder } from './budget-standing.js';
import type { PeriodRule } from './period.js';

/** A budget with its accounts and credits as PostgreSQL gives them: amounts of the lot are text, moments in JSON too. */
export interface StandingRow extends PeriodRule {
  readonly now: Date;
  readonly id: string;
  /** In USD. */
  readonly amount: string;
  readonly accounts: readonly AccountJson[];
  readonly credits: readonly CreditJson[];
}

export interface AccountJson {
  readonly id: string;
  readonly periodStart: string;
  readonly periodEnd: string | null;
  readonly openedAt: string;
  readonly final: boolean;
  readonly base: string;
  readonly credited: string;
  /** Sums over all of its leases. */
  readonly granted: string;
  readonly spent: string;
  readonly held: string;
  readonly unconfirmed: string;
  readonly leases: readonly LeaseJson[] | null;
}

type LeaseJson = Readonly<Record<Exclude<keyof LeaseStandingOfHolder, 'state'>, string>> &
  Pick<LeaseStandingOfHolder, 'state'>;

export interface CreditJson {
  readonly id: string;
  /** In USD. */
  readonly amount: string;
  readonly consumed: string;
  readonly expiresAt: string;
  /** Neither revoked nor expired. */
  readonly open: boolean;
}

/** Reads budgets that are not deleted, each with its accounts that are not final, the last one that is over, and its credits that have not ended. */
export function readStandingRows(manager: EntityManager, budgetIds: readonly string[]): Promise<StandingRow[]> {
  return manager.query(STANDINGS, [budgetIds]);
}

// Expired, and not settled: what it had may be spent, whole.
const LOST = `lease.closed_at IS NULL AND lease.expires_at < clock.now`;
const HELD = `CASE WHEN lease.closed_at IS NOT NULL OR ${LOST} THEN 0 ELSE lease.held END`;
const UNCONFIRMED = `CASE WHEN ${LOST} THEN greatest(lease.granted - lease.spent, lease.unconfirmed) ELSE lease.unconfirmed END`;
const STATE = `CASE WHEN lease.closed_at IS NOT NULL THEN 'closed'
  WHEN NOT (${LOST}) THEN 'open' WHEN lease.granted > lease.spent THEN 'lost' ELSE 'closed' END`;

// One statement, and so one moment: between two, what a lease holds could become what it has spent, and be counted twice.
const STANDINGS = `
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now)
SELECT clock.now, budget.id, budget.amount, budget.period, budget.timezone, budget.created_at AS "createdAt",
       coalesce(accounts.list, '[]') AS accounts, coalesce(credits.list, '[]') AS credits
  FROM clock CROSS JOIN budget
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
             'id', account.id::text, 'periodStart', account.period_start, 'periodEnd', account.period_end,
             'openedAt', account.opened_at, 'final', account.final_at IS NOT NULL, 'base', account.base::text,
             'credited', account.credited::text, 'granted', lent.granted::text, 'spent', lent.spent::text,
             'held', lent.held::text, 'unconfirmed', lent.unconfirmed::text, 'leases', lent.list)) AS list
      FROM budget_account AS account
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(lease.granted), 0) AS granted, coalesce(sum(lease.spent), 0) AS spent,
               coalesce(sum(${HELD}), 0) AS held, coalesce(sum(${UNCONFIRMED}), 0) AS unconfirmed,
               json_agg(json_build_object(
                 'id', lease.id::text, 'holder', lease.holder, 'granted', lease.granted::text,
                 'spent', lease.spent::text, 'held', (${HELD})::text, 'unconfirmed', (${UNCONFIRMED})::text,
                 'state', ${STATE}, 'expiresAt', lease.expires_at) ORDER BY lease.id)
                 FILTER (WHERE lease.closed_at IS NULL OR lease.unconfirmed > 0) AS list
          FROM budget_lease AS lease
         WHERE lease.tenant_id = account.tenant_id AND lease.account_id = account.id) AS lent
     WHERE account.tenant_id = budget.tenant_id AND account.budget_id = budget.id AND account.unit = 'pico-dollars'
       AND (account.final_at IS NULL OR account.id = (
         SELECT over.id FROM budget_account AS over
          WHERE over.tenant_id = budget.tenant_id AND over.budget_id = budget.id AND over.unit = 'pico-dollars'
            AND over.period_end <= clock.now ORDER BY over.period_start DESC LIMIT 1))) AS accounts ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
             'id', credit.id, 'amount', credit.amount::text, 'consumed', credit.consumed::text,
             'expiresAt', credit.expires_at,
             'open', credit.revoked_at IS NULL AND credit.expires_at > clock.now)) AS list
      FROM budget_credit AS credit
     WHERE credit.tenant_id = budget.tenant_id AND credit.budget_id = budget.id AND credit.ended_at IS NULL
    ) AS credits ON true
 WHERE budget.id = ANY($1) AND budget.deleted_at IS NULL`;

import { parseUsd } from '@parsimony/contract';
import type { LeaseRequest, LeaseUnit } from '@parsimony/leases';
import type { BudgetMode } from '@parsimony/tenancy';
import type pg from 'pg';
import { limitKey, type BudgetRule, type Limit } from './limit.js';

/** What a lease, or an account, says of its limit. */
type OfLimit = Pick<LeaseRequest, 'tenantId' | 'budgetId' | 'unit'>;

interface BudgetRow extends Omit<BudgetRule, 'tag'> {
  readonly id: string;
  readonly amount: string;
  readonly mode: BudgetMode;
  readonly deleted: boolean;
  readonly tagKey: string | null;
  readonly tagValue: string | null;
}

interface RateLimitRow extends Readonly<Record<Exclude<LeaseUnit, 'pico-dollars'>, string | null>> {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * Locks the limits of some leases until the transaction ends, and reads them as they are then. Whoever lends under a limit,
 * or settles what was lent, holds its row: what is read of its accounts afterwards stays so.
 *
 * @returns by `limitKey`; a limit that was never there is missing.
 */
export async function lockLimits(
  client: pg.ClientBase,
  leases: readonly OfLimit[],
): Promise<ReadonlyMap<string, Limit>> {
  return select(client, leases, 'FOR NO KEY UPDATE');
}

/** Reads limits without a lock, where only what they are is asked. */
export async function readLimits(
  client: pg.ClientBase,
  leases: readonly OfLimit[],
): Promise<ReadonlyMap<string, Limit>> {
  return select(client, leases, '');
}

async function select(client: pg.ClientBase, leases: readonly OfLimit[], lock: string): Promise<Map<string, Limit>> {
  const money = leases.filter(({ unit }) => unit === 'pico-dollars');
  const rates = leases.filter(({ unit }) => unit !== 'pico-dollars');
  const budgets = money.length > 0 ? await rowsOf<BudgetRow>(client, `${BUDGETS} ${lock}`, money) : [];
  const rateLimits = rates.length > 0 ? await rowsOf<RateLimitRow>(client, `${RATE_LIMITS} ${lock}`, rates) : [];
  const limits = [...budgets.map(ofBudget), ...rateLimits.flatMap(ofRateLimit)];
  return new Map(limits.map((limit) => [limitKey(limit), limit]));
}

async function rowsOf<Row extends object>(
  client: pg.ClientBase,
  statement: string,
  leases: readonly OfLimit[],
): Promise<Row[]> {
  const { rows } = await client.query<Row>(statement, [
    leases.map(({ tenantId }) => tenantId),
    leases.map(({ budgetId }) => budgetId),
  ]);
  return rows;
}

// In the order of ids: two exchanges that lock the same limits in different orders would wait for each other.
const BUDGETS = `
SELECT tenant_id AS "tenantId", id, amount, period, timezone, mode, created_at AS "createdAt",
       deleted_at IS NOT NULL AS deleted, team_id AS "teamId", key_id AS "keyId", tag_key AS "tagKey",
       tag_value AS "tagValue", pooled_team_ids AS "pooledTeamIds"
  FROM budget
 WHERE (tenant_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
 ORDER BY tenant_id, id`;

const RATE_LIMITS = `
SELECT tenant_id AS "tenantId", id,
       CASE WHEN deleted_at IS NULL THEN requests_per_minute END AS requests,
       CASE WHEN deleted_at IS NULL THEN tokens_per_minute END AS tokens,
       CASE WHEN deleted_at IS NULL THEN concurrent_calls END AS calls
  FROM rate_limit
 WHERE (tenant_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
 ORDER BY tenant_id, id`;

function ofBudget({ id, amount, deleted, mode, tagKey, tagValue, ...rule }: BudgetRow): Limit {
  const tag = tagKey === null || tagValue === null ? null : { key: tagKey, value: tagValue };
  return {
    ...{ tenantId: rule.tenantId, id, unit: 'pico-dollars', hard: mode === 'HARD', budget: { ...rule, tag } },
    amount: deleted ? null : parseUsd(amount),
  };
}

function ofRateLimit({ tenantId, id, ...amounts }: RateLimitRow): Limit[] {
  return (['requests', 'tokens', 'calls'] as const).map((unit) => {
    const amount = amounts[unit];
    return {
      ...{ tenantId, id, unit, hard: true, budget: null },
      amount: amount === null ? null : BigInt(amount),
    };
  });
}

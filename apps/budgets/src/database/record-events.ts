import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Something about a budget that people hear of. */
export interface BudgetEvent {
  /** Of one that is recorded once only; else it gets a fresh one. */
  readonly id?: string;
  readonly tenantId: string;
  readonly budgetId: string;
  readonly kind: 'threshold' | 'overdraft' | 'lease-lost' | 'lease-settled';
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Whoever delivers alerts listens; the payload is a tenant's id. */
const CHANNEL = 'parsimony_budget_events';

/** Writes events, and wakes who listens once the transaction is done. */
export async function recordEvents(client: pg.ClientBase, events: readonly BudgetEvent[], at: Date): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `WITH recorded AS (
       INSERT INTO budget_event (at, tenant_id, id, budget_id, kind, detail)
       SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[])
       ON CONFLICT DO NOTHING RETURNING tenant_id)
     SELECT pg_notify('${CHANNEL}', tenant_id::text) FROM (SELECT DISTINCT tenant_id FROM recorded) AS told`,
    [
      at,
      events.map(({ tenantId }) => tenantId),
      events.map(({ id }) => id ?? randomUUID()),
      events.map(({ budgetId }) => budgetId),
      events.map(({ kind }) => kind),
      events.map(({ detail }) => JSON.stringify(detail)),
    ],
  );
}

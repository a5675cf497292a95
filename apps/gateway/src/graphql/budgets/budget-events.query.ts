import type { JsonObject } from '@parsimony/contract';
import { readWithin, throughDatabase } from '@parsimony/persistence';
import type { TenantScope } from '@parsimony/persistence';
import type { Budget } from '@parsimony/tenancy';
import type { DataSource } from 'typeorm';
import type { BudgetEventKind } from '../enums.js';

export interface BudgetEvent {
  readonly budgetId: string;
  readonly id: string;
  readonly at: Date;
  readonly kind: BudgetEventKind;
  readonly detail: JsonObject;
}

/** Of each budget. */
export const EVENTS_AT_MOST = 50;

const LATEST = `
SELECT event.* FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, budget_id)
 CROSS JOIN LATERAL (
   SELECT budget_id AS "budgetId", id, at, kind, detail FROM budget_event
    WHERE budget_event.tenant_id = wanted.tenant_id AND budget_event.budget_id = wanted.budget_id
    ORDER BY at DESC, id DESC LIMIT ${EVENTS_AT_MOST}) AS event
 ORDER BY event.at DESC, event.id DESC`;

/** The last events of several budgets at once, newest first. @throws DatabaseUnavailable */
export function latestBudgetEvents(
  dataSource: DataSource,
  scope: TenantScope,
  budgets: readonly Pick<Budget, 'tenantId' | 'id'>[],
): Promise<readonly BudgetEvent[]> {
  const tenants = budgets.map(({ tenantId }) => tenantId);
  const ids = budgets.map(({ id }) => id);
  return throughDatabase(() =>
    readWithin(dataSource, scope, (manager) => manager.query<readonly BudgetEvent[]>(LATEST, [tenants, ids])),
  );
}

import {
  BudgetService,
  RateLimitService,
  type Budget,
  type RateLimit,
  type SetBudget,
  type SetPool,
  type SetRateLimit,
} from '@parsimony/tenancy';
import { expect } from 'vitest';
import type { RealGateway } from './real-gateway.js';

/** What a budget, or one measure of a rate limit, has lent and what came of it, all periods together; pico-dollars or pieces. */
interface LentSums {
  readonly base: bigint;
  readonly granted: bigint;
  readonly spent: bigint;
  readonly held: bigint;
  readonly unconfirmed: bigint;
}

const HEARD_WITHIN = { timeout: 5_000, interval: 10 };

/** Sets a budget and waits until the gateway has heard of it. */
export async function setBudget(real: RealGateway, wish: Omit<SetBudget, 'tenantId'>): Promise<Budget> {
  const { dataSource } = real.gateway.core;
  return heard(real, await new BudgetService(dataSource).set({ tenantId: real.tenantId, ...wish }));
}

export async function setPool(real: RealGateway, wish: Omit<SetPool, 'tenantId'>): Promise<Budget> {
  const { dataSource } = real.gateway.core;
  return heard(real, await new BudgetService(dataSource).setPool({ tenantId: real.tenantId, ...wish }));
}

export async function deleteBudget(real: RealGateway, id: string): Promise<void> {
  const { dataSource, directory } = real.gateway.core;
  await new BudgetService(dataSource).delete(id);
  const known = () => directory.tenant(real.tenantId)?.budgets.some((budget) => budget.id === id);
  await expect.poll(known, HEARD_WITHIN).toBe(false);
}

export async function setRateLimit(real: RealGateway, wish: Omit<SetRateLimit, 'tenantId'>): Promise<RateLimit> {
  const { dataSource, directory } = real.gateway.core;
  const limit = await new RateLimitService(dataSource).set({ tenantId: real.tenantId, ...wish });
  const known = () => directory.tenant(real.tenantId)?.rateLimits.find(({ id }) => id === limit.id)?.revision;
  await expect.poll(known, HEARD_WITHIN).toBe(limit.revision);
  return limit;
}

/** As the store has it; gateways tell it about once a second. */
export async function lent({ database }: Pick<RealGateway, 'database'>, limitId: string): Promise<LentSums> {
  const [sums] = await database.dataSource.query<Record<keyof LentSums, string>[]>(
    `SELECT coalesce((SELECT sum(base) FROM budget_account WHERE budget_id = $1), 0) AS base,
            coalesce(sum(granted), 0) AS granted, coalesce(sum(spent), 0) AS spent, coalesce(sum(held), 0) AS held,
            coalesce(sum(unconfirmed), 0) AS unconfirmed
       FROM budget_lease AS lease JOIN budget_account AS account ON account.tenant_id = lease.tenant_id AND account.id = account_id
      WHERE budget_id = $1`,
    [limitId],
  );
  if (!sums) throw new Error('no sums');
  const { base, granted, spent, held, unconfirmed } = sums;
  return {
    base: BigInt(base),
    granted: BigInt(granted),
    spent: BigInt(spent),
    held: BigInt(held),
    unconfirmed: BigInt(unconfirmed),
  };
}

async function heard(real: RealGateway, budget: Budget): Promise<Budget> {
  const { directory } = real.gateway.core;
  const known = () => directory.tenant(real.tenantId)?.budgets.find(({ id }) => id === budget.id)?.revision;
  await expect.poll(known, HEARD_WITHIN).toBe(budget.revision);
  return budget;
}

import { parseUsd } from '@parsimony/contract';
import { APIError } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { lent, setBudget } from './limits.js';
import { RealGateway } from './real-gateway.js';

const messages = [{ role: 'user' as const, content: 'Привет' }];
const request = { model: 'openai/gpt-4.1-mini', messages, max_tokens: 40 };
/** Costs more than is ever lent ahead of such calls. */
const large = { ...request, max_tokens: 30_000 };
/** Of one such small call, in pico-dollars. */
const COST_AT_MOST = parseUsd('0.0001');
const SOON = { timeout: 25_000, interval: 100 };

let real: RealGateway;
afterEach(() => real[Symbol.asyncDispose]());

function statusOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof APIError) return error.status as number;
      throw error;
    },
  );
}

/** Waits until the store knows all that was spent, and compares it with the bill. */
async function expectReconciled(budgetId: string): Promise<void> {
  await real.settled();
  expect((await real.ledger()).cost).toBe(real.billed());
  const spent = async (): Promise<bigint> => {
    const { base, spent: charged } = await lent(real, budgetId);
    return base + charged;
  };
  await expect.poll(spent, SOON).toBe(real.billed());
  expect(await lent(real, budgetId)).toMatchObject({ held: 0n, unconfirmed: 0n });
}

it('calls go on within what is lent while the service is away, and all is told when it is back', async () => {
  real = await RealGateway.start({ budgets: true });
  real.simulator.configure({ latencyMs: 20 });
  const { id } = await setBudget(real, { limit: parseUsd('10'), period: 'MONTH' });
  // Sets aside far more than it costs, so that what is lent ahead pays for many, however slow the machine is.
  const roomy = { ...request, max_tokens: 3_000 };
  let calling = true;
  const statuses: number[] = [];
  const caller = async (): Promise<void> => {
    while (calling) statuses.push(await statusOf(real.client().chat.completions.create(roomy)));
  };
  const callers = Array.from({ length: 8 }, caller);
  try {
    const free = async (): Promise<bigint> => {
      const { granted, spent, held } = await lent(real, id);
      return granted - spent - held;
    };
    await expect.poll(free, SOON).toBeGreaterThan(100n * COST_AT_MOST);
    await real.stopBudgets();
    await expect.poll(() => real.gateway.core.lending.book.status.away, SOON).toBe(true);
    const before = statuses.length;
    await expect.poll(() => statuses.length, SOON).toBeGreaterThan(before + 50);
    expect((await fetch(`${real.url}/readyz`)).status, 'calls can be served').toBe(200);
    await real.restartBudgets();
    await expect.poll(() => real.gateway.core.lending.book.status.away, SOON).toBe(false);
    const after = statuses.length;
    await expect.poll(() => statuses.length, SOON).toBeGreaterThan(after + 50);
  } finally {
    calling = false;
    await Promise.all(callers);
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  await expectReconciled(id);
}, 60_000);

describe('what no lease covers while the service is away', () => {
  it('is refused with 503 under a HARD budget', async () => {
    real = await RealGateway.start({ budgets: true }, { budgets: { waitMs: 500, onShortfall: 'refuse' } });
    const { id } = await setBudget(real, { limit: parseUsd('10'), period: 'MONTH' });
    expect(await statusOf(real.client().chat.completions.create(request))).toBe(200);
    await real.stopBudgets();
    const refused: unknown = await real
      .client()
      .chat.completions.create(large)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 503, code: 'budgets_unavailable', type: 'server_error' });
    await real.restartBudgets();
    await expect.poll(() => statusOf(real.client().chat.completions.create(large)), SOON).toBe(200);
    await expectReconciled(id);
  }, 60_000);

  it('is refused where nothing was lent yet, too', async () => {
    real = await RealGateway.start({ budgets: true }, { budgets: { waitMs: 500 } });
    await real.stopBudgets();
    await setBudget(real, { limit: parseUsd('10'), period: 'MONTH' });
    expect(await statusOf(real.client().chat.completions.create(request))).toBe(503);
    expect(real.billed()).toBe(0n);
  });

  it('goes on where the tenant allows it, is noted, and is counted afterwards', async () => {
    real = await RealGateway.start({ budgets: true }, { budgets: { waitMs: 500, onUnavailable: 'allow' } });
    const covered = await setBudget(real, { limit: parseUsd('0.01'), period: 'MONTH' });
    expect(await statusOf(real.client().chat.completions.create(request))).toBe(200);
    await real.stopBudgets();
    // One budget with a lease, which is overdrawn, and one without, of which the ledger must tell.
    const unknown = await setBudget(real, { limit: parseUsd('0.01'), period: 'DAY' });
    await expect
      .poll(
        async () => [
          await statusOf(real.client().chat.completions.create(large)),
          real.gateway.core.lending.book.status.away,
        ],
        SOON,
      )
      .toEqual([200, true]);
    expect(real.gateway.core.lending.uncovered).toBeGreaterThan(0);
    await real.restartBudgets();
    await expectReconciled(covered.id);
    await expectReconciled(unknown.id);
  }, 60_000);

  it('goes on under a SOFT budget, whatever the tenant says', async () => {
    real = await RealGateway.start({ budgets: true });
    await real.stopBudgets();
    const { id } = await setBudget(real, { limit: parseUsd('0.01'), period: 'MONTH', mode: 'SOFT' });
    for (let calls = 0; calls < 3; calls++)
      expect(await statusOf(real.client().chat.completions.create(request))).toBe(200);
    await real.restartBudgets();
    await expectReconciled(id);
  }, 60_000);
});

it('without any budgets service HARD budgets refuse, and the others go on', async () => {
  real = await RealGateway.start({}, { budgets: { waitMs: 200 } });
  expect(await statusOf(real.client().chat.completions.create(request))).toBe(200);
  await setBudget(real, { limit: parseUsd('10'), period: 'MONTH', tag: { key: 'kind', value: 'hard' } });
  await setBudget(real, { limit: parseUsd('10'), period: 'MONTH', tag: { key: 'kind', value: 'soft' }, mode: 'SOFT' });
  const tagged = (value: string) => ({ headers: { 'x-parsimony-tags': `kind=${value}` } });
  expect(await statusOf(real.client().chat.completions.create(request, tagged('hard')))).toBe(503);
  expect(await statusOf(real.client().chat.completions.create(request, tagged('soft')))).toBe(200);
});

import { parseUsd } from '@parsimony/contract';
import { BudgetService } from '@parsimony/tenancy';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended, ProcessGround } from './gateway-process.js';
import { lent } from './limits.js';

const LIMIT = parseUsd('1');
const SOON = { timeout: 20_000, interval: 50 };

let ground: ProcessGround;
beforeAll(async () => {
  ground = await ProcessGround.prepare(true);
});
afterAll(() => ground[Symbol.asyncDispose]());

it('kill -9 in mid-call: the lease stays held until the journal tells, and what nobody knows stays unconfirmed', async () => {
  const { database, simulator, secret, tenantId } = ground;
  const { id } = await new BudgetService(database.dataSource).set({ tenantId, limit: LIMIT, period: 'MONTH' });
  simulator.configure({
    latencyMs: 5,
    tokensPerSecond: 1000,
    answerTokens: { min: 20, max: 60 },
    onDisconnect: 'finish',
  });
  for (let round = 0; round < 2; round++) {
    const { child, url } = await ground.start();
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: secret, maxRetries: 0 });
    let answered = 0;
    let calling = true;
    const caller = async (): Promise<void> => {
      while (calling) {
        try {
          await client.chat.completions.create({
            model: 'gpt-4.1-mini',
            messages: [{ role: 'user', content: 'Привет' }],
            max_tokens: 80,
          });
          answered++;
        } catch {
          calling = false;
        }
      }
    };
    const callers = Array.from({ length: 16 }, caller);
    await expect.poll(() => answered, SOON).toBeGreaterThan(100);
    await expect.poll(async () => (await lent({ database }, id)).held, SOON).toBeGreaterThan(0n);
    await ended(child, 'SIGKILL');
    await Promise.all(callers);
    // Whoever died may have spent all of it: none of it is free.
    const { granted, spent } = await lent({ database }, id);
    expect(granted).toBeGreaterThan(spent);
    expect(granted).toBeGreaterThanOrEqual(BigInt(simulator.bill().total.chargedPicoDollars));
  }
  const { child } = await ground.start();
  const open = async (): Promise<number> => {
    const [count] = await database.dataSource.query<{ open: string }[]>(
      'SELECT count(*) AS open FROM budget_lease WHERE closed_at IS NULL',
    );
    return Number(count?.open);
  };
  await expect.poll(open, SOON).toBe(0);
  await ended(child, 'SIGTERM');

  const [ledger] = await database.dataSource.query<{ cost: string; unknown: string; rows: string }[]>(
    `SELECT sum(cost) AS cost, coalesce(sum(reserved - cost) FILTER (WHERE settlement <> 'exact'), 0) AS unknown,
            count(*) FILTER (WHERE settlement <> 'exact') AS rows
       FROM usage WHERE provider IS NOT NULL`,
  );
  expect(Number(ledger?.rows), 'calls that were under way').toBeGreaterThan(0);
  const { base, spent, held, unconfirmed, granted } = await lent({ database }, id);
  expect({ base, held }).toEqual({ base: 0n, held: 0n });
  expect(spent).toBe(parseUsd(ledger?.cost ?? ''));
  expect(unconfirmed).toBe(parseUsd(ledger?.unknown ?? ''));
  expect(granted).toBe(spent + unconfirmed);
  const billed = BigInt(simulator.bill().total.chargedPicoDollars);
  expect(spent).toBeLessThanOrEqual(billed);
  expect(spent + unconfirmed).toBeGreaterThanOrEqual(billed);
}, 90_000);

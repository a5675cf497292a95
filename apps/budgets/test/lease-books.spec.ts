import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpExchange, LeaseBook, Shortfall } from '@parsimony/leases';
import { expect, it } from 'vitest';
import { Ground, TOKEN } from './ground.js';

const LIMIT = 1_000_000n;
const SMALLEST = 1_000n;
const CALLERS = 20;

it(
  'gateways spend a budget to its end and not beyond, though an instance stops meanwhile',
  { timeout: 60_000 },
  async () => {
    await using ground = await Ground.prepare();
    const [first, second] = [await ground.start(), await ground.start()];
    const { tenantId } = ground;
    const budgetId = await ground.budget({ amount: LIMIT });
    const http = httpExchange({ urls: [first.url, second.url], token: TOKEN });
    const books = Array.from(
      { length: 3 },
      () => new LeaseBook({ holder: randomUUID(), exchange: http.exchange, onTrouble: () => undefined }),
    );
    let spent = 0n;
    let calls = 0;
    const caller = async (book: LeaseBook): Promise<Shortfall> => {
      const allowance = book.allowance({ tenantId, budgetId, unit: 'pico-dollars', hard: true, whenAway: 'deny' });
      for (;;) {
        const worst = SMALLEST + BigInt(Math.floor(Math.random() * 5_000));
        try {
          const patience = { until: performance.now() + 10_000, signal: AbortSignal.timeout(15_000) };
          const taken = await book.take([allowance], Date.now(), worst, patience);
          expect(taken.leases).toMatch(/^\{\d+\}$/);
          await sleep(Math.random() * 5);
          const cost = BigInt(Math.ceil(Number(worst) * (0.2 + Math.random() * 0.8)));
          taken.settle(cost, 0n);
          spent += cost;
          calls++;
        } catch (error) {
          if (!(error instanceof Shortfall)) throw error;
          // A smaller call may still fit.
          if (error.needed > SMALLEST * 2n) continue;
          return error;
        }
      }
    };
    const callers = books.flatMap((book) => Array.from({ length: CALLERS }, () => caller(book)));
    await expect.poll(() => calls, { timeout: 20_000 }).toBeGreaterThan(50);
    const stopped = first.stop();
    const refusals = await Promise.all(callers);
    await stopped;
    await Promise.all(books.map((book) => book.close()));
    await http.close();

    expect(spent).toBeLessThanOrEqual(LIMIT);
    expect(spent * 100n).toBeGreaterThanOrEqual(LIMIT * 97n);
    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['spent']));
    // What was idle is given back: the store knows of what was spent, and of nothing more.
    expect(await ground.committed()).toEqual([{ budgetId, limit: LIMIT, committed: spent }]);
  },
);

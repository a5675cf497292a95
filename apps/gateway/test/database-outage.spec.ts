import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

/** As long as the issue that this holds to says; the gateway must not notice. */
const OUTAGE_MS = 60_000;

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start();
});
afterAll(() => real[Symbol.asyncDispose]());

it(
  'PostgreSQL stopped for a minute under load: every call is answered, and afterwards every call is in the ledger',
  async () => {
    const client = real.client();
    const answered = new Set<string>();
    const failures: unknown[] = [];
    let calling = true;
    const caller = async (): Promise<void> => {
      while (calling) {
        try {
          const { response } = await client.chat.completions
            .create({ model: 'gpt-4.1-mini', max_tokens: 10, messages: [{ role: 'user', content: 'x' }] })
            .withResponse();
          answered.add(response.headers.get('x-parsimony-request-id') ?? '');
        } catch (error) {
          failures.push(error);
        }
        await delay(20);
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    await delay(1000);
    await real.database.stopServer();
    const before = answered.size;
    await delay(OUTAGE_MS);
    expect(answered.size - before, 'calls answered while the database was away').toBeGreaterThan(100);
    expect(real.gateway.core.flusher.failing).toBe(true);
    const ready = await fetch(`${real.url}/readyz`);
    expect(ready.status, 'calls can be served without a database').toBe(200);
    await real.database.startServer();
    await delay(1000);
    calling = false;
    await Promise.all(callers);
    expect(failures).toEqual([]);

    await expect.poll(() => real.gateway.core.flusher.failing, { timeout: 30_000 }).toBe(false);
    await real.settled();
    const rows = await real.rows<{ call_id: string; status: string }>();
    expect(rows.length).toBe(answered.size);
    expect(new Set(rows.map(({ call_id: id }) => id))).toEqual(answered);
    expect((await real.ledger()).cost).toBe(real.billed());
  },
  OUTAGE_MS + 60_000,
);

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended, ProcessGround } from './gateway-process.js';

let ground: ProcessGround;
beforeAll(async () => {
  ground = await ProcessGround.prepare();
});
afterAll(() => ground[Symbol.asyncDispose]());

it('kill -9 under load: nothing that was answered is lost, nothing is settled twice, and what nobody knows is shown', async () => {
  const { database, home, secret, simulator } = ground;
  simulator.configure({ latencyMs: 5, tokensPerSecond: 2000, answerTokens: { min: 10, max: 40 } });
  const answered = new Map<string, bigint>();
  for (let round = 0; round < 3; round++) {
    const { child, url } = await ground.start();
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: secret, maxRetries: 0 });
    let calling = true;
    const caller = async (stream: boolean): Promise<void> => {
      while (calling) {
        try {
          if (stream) {
            const events = await client.chat.completions.create({
              model: 'gpt-4.1-mini',
              stream: true,
              messages: [{ role: 'user', content: 'x' }],
            });
            for await (const _chunk of events);
          } else {
            const { response } = await client.chat.completions
              .create({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'x' }] })
              .withResponse();
            const cost = response.headers.get('x-parsimony-cost-usd') ?? '';
            answered.set(response.headers.get('x-parsimony-request-id') ?? '', BigInt(cost.replace('.', '')));
          }
        } catch {
          calling = false;
        }
      }
    };
    const callers = Array.from({ length: 24 }, (_, index) => caller(index % 3 === 0));
    await delay(900 + 137 * round);
    await ended(child, 'SIGKILL');
    await Promise.all(callers);
  }
  const { child } = await ground.start();
  await delay(1500);
  await ended(child, 'SIGTERM');

  const rows = await database.dataSource.query<
    { call_id: string; settlement: string; cost: string; reserved: string; error_code: string | null }[]
  >('SELECT call_id, settlement, cost, reserved, error_code FROM usage WHERE provider IS NOT NULL');
  const byCall = new Map(rows.map((row) => [row.call_id, row]));
  expect(byCall.size, 'one row a provider call').toBe(rows.length);
  expect(answered.size).toBeGreaterThan(100);
  for (const [call, cost] of answered) {
    expect(byCall.get(call), `answered call ${call}`).toMatchObject({ settlement: 'exact' });
    expect(BigInt(String(byCall.get(call)?.cost).replace('.', ''))).toBe(cost);
  }
  const unconfirmed = rows.filter(({ settlement }) => settlement === 'unconfirmed');
  expect(unconfirmed.length, 'calls that were under way').toBeGreaterThan(0);
  expect(unconfirmed.every(({ error_code: code, reserved }) => code === 'interrupted' && Number(reserved) > 0)).toBe(
    true,
  );
  const settled = rows.reduce((sum, { cost }) => sum + BigInt(cost.replace('.', '')), 0n);
  const held = unconfirmed.reduce((sum, { reserved }) => sum + BigInt(reserved.replace('.', '')), 0n);
  const billed = BigInt(simulator.bill().total.chargedPicoDollars);
  expect(settled).toBeLessThanOrEqual(billed);
  expect(settled + held).toBeGreaterThanOrEqual(billed);
  expect((await readdir(join(home, 'journal'))).filter((name) => name.endsWith('.journal'))).toEqual([]);
}, 60_000);

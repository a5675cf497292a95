import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { Ground } from '../../test/ground.js';
import type { BudgetsService } from '../start-budgets.js';

const NOON = Date.UTC(2026, 10, 25, 12);

let ground: Ground;
let service: BudgetsService;

beforeAll(async () => {
  ground = await Ground.prepare();
  ground.now = NOON;
  service = await ground.start();
  await ground.start();
});
afterAll(() => ground[Symbol.asyncDispose]());

it('records each threshold once for each period, and wakes who listens', async () => {
  const listener = new pg.Client({ connectionString: ground.database.url });
  await listener.connect();
  try {
    const heard: (string | undefined)[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query('LISTEN parsimony_budget_events');
    const budget = await ground.budget({ amount: 1_000n, period: 'HOUR', thresholds: [0.5, 0.8, 1] });
    await ground.credit(budget, 200n, NOON + 1);
    const holder = ground.holder(service);
    await holder.lent(ground.ask(budget, { need: 1_000n }));
    await holder.lent(ground.ask(budget, { claim: 1_000n, spent: 599n, held: 400n }));
    await holder.lent(ground.ask(budget, { claim: 1_000n, spent: 590n, unconfirmed: 10n }));
    const passed = async (): Promise<unknown[]> => (await ground.events('threshold')).map(({ threshold }) => threshold);
    await eventually(async () => expect(await passed()).toEqual([0.5]));
    expect(await ground.events('threshold')).toMatchObject([
      { threshold: 0.5, spentUsd: expect.stringMatching(/^0.0000000006/), limitUsd: '0.000000001200' },
    ]);
    // Without the credit the same is more than eight tenths.
    await holder.lent(ground.ask(budget, { claim: 1_000n, spent: 800n }));
    ground.now = NOON + 1;
    await eventually(async () => expect(await passed()).toEqual(expect.arrayContaining([0.5, 0.8])));
    await holder.lent(ground.ask(budget, { claim: 1_000n, spent: 1_000n }));
    await eventually(async () => expect(await passed()).toHaveLength(3));
    ground.now = NOON + 3_600_000;
    await holder.lent(ground.ask(budget, { need: 1_000n }));
    await holder.lent(ground.ask(budget, { claim: 1_000n, spent: 1_000n }));
    await eventually(async () => expect(await passed()).toHaveLength(6));
    await eventually(async () => expect(new Set(heard)).toEqual(new Set([ground.tenantId])));
  } finally {
    await listener.end();
  }
});

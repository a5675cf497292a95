import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { Ground } from '../../test/ground.js';
import type { TestHolder } from '../../test/test-holder.js';
import type { BudgetsService } from '../start-budgets.js';

const NOON = Date.UTC(2026, 10, 25, 12);

let ground: Ground;
let service: BudgetsService;
let holder: TestHolder;
let budget: string;

beforeAll(async () => {
  ground = await Ground.prepare();
  ground.now = NOON;
  service = await ground.start();
});
afterAll(() => ground[Symbol.asyncDispose]());
beforeEach(async () => {
  ground.now = NOON;
  await ground.changeTenant();
  holder = ground.holder(service);
  budget = await ground.budget({ amount: 1_000n, period: 'DAY', tag: { key: 'отдел', value: 'поиск' } });
});

interface Account {
  readonly base: number;
  /** Seconds from noon on. */
  readonly due: number | null;
}

async function account(): Promise<Account | undefined> {
  const [row] = await ground.sql<Account>(
    `SELECT base::int, extract(epoch FROM base_due_at - $2)::int AS due FROM budget_account WHERE budget_id = $1`,
    [budget, new Date(NOON)],
  );
  return row;
}

it('counts what was spent before gateways heard of the budget, five and sixty seconds after it was opened', async () => {
  const { leaseId } = await holder.lent(ground.ask(budget, { need: 100n }));
  expect(await account()).toEqual({ base: 0, due: 5 });
  await ground.ledger({ at: NOON, cost: 70n }, { at: NOON, cost: 20n, leases: [leaseId] });
  ground.now = NOON + 5_000;
  await eventually(async () => expect(await account()).toEqual({ base: 70, due: 60 }));
  await ground.ledger({ at: NOON, cost: 5n, leases: ['123456'] });
  ground.now = NOON + 60_000;
  await eventually(async () => expect(await account()).toEqual({ base: 75, due: 115 }));
  ground.now = NOON + 115_000;
  await eventually(async () => expect(await account()).toEqual({ base: 75, due: null }));
  expect(await holder.lent(ground.ask(budget, { claim: 100n, need: 925n }))).toMatchObject({ granted: 925n });
});

it('counts again after calls went on without a lease', async () => {
  await holder.lent(ground.ask(budget, { need: 100n }));
  ground.now = NOON + 5_000;
  await eventually(async () => expect(await account()).toEqual({ base: 0, due: 60 }));
  ground.now = NOON + 61_000;
  await eventually(async () => expect(await account()).toEqual({ base: 0, due: null }));
  await ground.ledger({ at: NOON + 70_000, cost: 40n });
  ground.now = NOON + 100_000;
  await holder.lent(ground.ask(budget, { claim: 100n, uncovered: true }));
  expect(await account()).toEqual({ base: 0, due: 105 });
  ground.now = NOON + 105_000;
  await eventually(async () => expect(await account()).toMatchObject({ base: 40 }));
  expect(await holder.lent(ground.ask(budget, { claim: 0n }))).toMatchObject({ remaining: 960n });
});

it('counts a last time when the account becomes final', async () => {
  await holder.lent(ground.ask(budget, { need: 100n }));
  await holder.lent(ground.ask(budget, { claim: 0n }));
  ground.now = NOON + 200_000;
  await eventually(async () => expect(await account()).toMatchObject({ due: null }));
  await ground.ledger({ at: NOON, cost: 33n });
  ground.now = NOON + 86_400_000;
  await eventually(async () => expect(await account()).toEqual({ base: 33, due: null }));
});

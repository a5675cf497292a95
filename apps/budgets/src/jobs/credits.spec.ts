import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { Ground } from '../../test/ground.js';
import type { TestHolder } from '../../test/test-holder.js';
import type { BudgetsService } from '../start-budgets.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
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
  budget = await ground.budget({ amount: 1_000n, period: 'HOUR' });
});

async function credits(): Promise<unknown> {
  return ground.sql(
    `SELECT trunc(consumed * 1000000000000)::int AS consumed, ended_at IS NOT NULL AS ended FROM budget_credit
      WHERE budget_id = $1 ORDER BY expires_at`,
    [budget],
  );
}

async function accounts(): Promise<unknown> {
  return ground.sql(
    'SELECT credited::int, final_at IS NOT NULL AS final FROM budget_account WHERE budget_id = $1 ORDER BY period_start',
    [budget],
  );
}

it('lends from credits beyond the amount', async () => {
  await ground.credit(budget, 500n, NOON + 10 * HOUR);
  expect(await holder.lent(ground.ask(budget, { need: 1_500n }))).toMatchObject({ granted: 1_500n, limit: 1_500n });
});

it('keeps what a credit has paid for when it expires, and takes back the rest', async () => {
  await ground.credit(budget, 500n, NOON + MINUTE);
  await ground.credit(budget, 50n, NOON + 20 * HOUR);
  await holder.lent(ground.ask(budget, { need: 1_200n }));
  ground.now = NOON + MINUTE;
  await eventually(async () => {
    expect(await credits()).toEqual([
      { consumed: 200, ended: true },
      { consumed: 0, ended: false },
    ]);
  });
  expect(await accounts()).toEqual([{ credited: 200, final: false }]);
  expect(await holder.lent(ground.ask(budget, { claim: 1_200n, need: 1_250n }))).toMatchObject({
    ...{ granted: 1_250n, limit: 1_250n },
  });
});

it('takes a revoked credit back at once', async () => {
  const credit = await ground.credit(budget, 500n, NOON + 10 * HOUR);
  await holder.lent(ground.ask(budget, { need: 900n }));
  await ground.sql('UPDATE budget_credit SET revoked_at = now() WHERE id = $1', [credit]);
  expect(await holder.lent(ground.ask(budget, { claim: 900n, need: 1_000n }))).toMatchObject({
    ...{ granted: 1_000n, limit: 1_000n },
  });
  await eventually(async () => expect(await credits()).toEqual([{ consumed: 0, ended: true }]));
});

it('counts a credit once for two periods that are both open', async () => {
  await ground.credit(budget, 500n, NOON + 10 * HOUR);
  await holder.lent(ground.ask(budget, { need: 1_300n }));
  ground.now = NOON + HOUR;
  const next = ground.ask(budget, { need: 1_200n });
  expect(
    (await holder.exchange([ground.ask(budget, { at: NOON, claim: 1_300n, spent: 1_300n }), next])).leases,
  ).toMatchObject([
    { granted: 1_300n, limit: 1_500n },
    { granted: 1_200n, limit: 1_200n },
  ]);
});

it('rolls the rest of a credit over once a period is final', async () => {
  await ground.credit(budget, 500n, NOON + 10 * HOUR);
  await holder.lent(ground.ask(budget, { need: 1_300n }));
  await holder.lent(ground.ask(budget, { claim: 1_100n, spent: 1_100n }));
  ground.now = NOON + HOUR + 15 * MINUTE + 1;
  await eventually(async () => expect(await accounts()).toEqual([{ credited: 100, final: true }]));
  expect(await credits()).toEqual([{ consumed: 100, ended: false }]);
  expect(await holder.lent(ground.ask(budget, { need: 1_400n }))).toMatchObject({ granted: 1_400n, limit: 1_400n });
});

it('does not make a period final while a call is under way, or may be', async () => {
  const other = ground.holder(service);
  await other.lent(ground.ask(budget, { need: 10n }));
  await holder.lent(ground.ask(budget, { need: 300n }));
  await holder.lent(ground.ask(budget, { claim: 300n, spent: 100n, held: 50n }));
  const later = NOON + HOUR + 15 * MINUTE + 1;
  ground.now = later;
  await eventually(async () => expect(await ground.events('lease-lost')).toHaveLength(2));
  expect(await accounts()).toEqual([{ credited: 0, final: false }]);
  expect(await holder.lent(ground.ask(budget, { at: NOON, claim: 130n, spent: 130n }))).toMatchObject({
    granted: 130n,
  });
  ground.now = later + MINUTE + 1;
  await eventually(async () => expect(await accounts()).toEqual([{ credited: 0, final: true }]));
  expect(await other.state(ground.ask(budget, { at: NOON }))).toBe('wrong-time');
});

it('makes the account of a deleted budget final, and ends its credits', async () => {
  await ground.credit(budget, 500n, NOON + MINUTE);
  await holder.lent(ground.ask(budget, { need: 1_200n }));
  await ground.sql('UPDATE budget SET deleted_at = $1 WHERE id = $2', [new Date(NOON), budget]);
  ground.now = NOON + 15 * MINUTE + 1;
  await eventually(async () => expect(await accounts()).toEqual([{ credited: 0, final: true }]));
  await eventually(async () => expect(await credits()).toEqual([{ consumed: 0, ended: true }]));
});

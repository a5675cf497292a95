import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { Ground } from '../../test/ground.js';
import type { TestHolder } from '../../test/test-holder.js';
import type { BudgetsService } from '../start-budgets.js';

const NOON = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;

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
  budget = await ground.budget({ amount: 1_000n, period: 'MONTH' });
});

function lease(id: string): Promise<Record<string, unknown>[]> {
  return ground.sql(
    'SELECT granted, spent, held, unconfirmed, closed_at IS NOT NULL AS closed FROM budget_lease WHERE id = $1',
    [id],
  );
}

describe('the leases of a process that was killed', () => {
  it('are settled by its journal, to the last pico-dollar', async () => {
    const { leaseId } = await holder.lent(ground.ask(budget, { need: 900n }));
    await holder.lent(ground.ask(budget, { claim: 900n, spent: 100n, held: 50n, need: 900n }));
    await ground.ledger(
      { at: NOON, cost: 100n, reserved: 150n, leases: [leaseId] },
      { at: NOON + 1, cost: 30n, reserved: 80n, settlement: 'at-least', leases: ['77777', leaseId] },
      { at: NOON + 2, cost: 0n, reserved: 40n, settlement: 'unconfirmed', leases: [leaseId] },
      { at: NOON + 3, cost: 500n, leases: ['77777'] },
    );
    await ground.closeJournal(holder.id);
    await eventually(async () => {
      expect(await lease(leaseId)).toEqual([
        { granted: '220', spent: '130', held: '0', unconfirmed: '90', closed: true },
      ]);
    });
    expect(await ground.events('lease-settled')).toEqual([{ leaseId, unconfirmedUsd: '0.000000000090' }]);
    const other = ground.holder(service);
    expect(await other.lent(ground.ask(budget, { need: 780n }))).toMatchObject({ granted: 780n, remaining: 780n });
  });

  it('count what was reported where the ledger knows of less', async () => {
    const { leaseId } = await holder.lent(ground.ask(budget, { need: 500n }));
    await holder.lent(ground.ask(budget, { claim: 500n, spent: 60n }));
    await ground.closeJournal(holder.id);
    await eventually(async () => {
      expect(await lease(leaseId)).toMatchObject([{ granted: '60', spent: '60', unconfirmed: '0', closed: true }]);
    });
    expect(await ground.events('lease-settled')).toEqual([]);
  });

  it('of several budgets and many processes are settled at once', async () => {
    const hourly = await ground.budget({ amount: 1_000n, period: 'HOUR' });
    const processes = Array.from({ length: 5 }, () => ground.holder(service));
    const leases: string[] = [];
    for (const each of processes) {
      const { leases: answers } = await each.exchange([
        ground.ask(budget, { need: 150n }),
        ground.ask(hourly, { need: 150n }),
      ]);
      const ids = answers.flatMap((answer) => (answer.state === 'lent' ? [answer.leaseId] : []));
      await ground.ledger({ at: NOON, cost: 11n, leases: ids });
      leases.push(...ids);
    }
    for (const each of processes) await ground.closeJournal(each.id);
    await eventually(async () => {
      for (const id of leases) expect(await lease(id)).toMatchObject([{ granted: '11', closed: true }]);
    });
  });

  it('of rate limits are closed as well, and its calls are over', async () => {
    const limit = await ground.rateLimit({ calls: 5, requests: 10 });
    const calls = await holder.lent(ground.ask(limit, { unit: 'calls', need: 5n }));
    const requests = await holder.lent(ground.ask(limit, { unit: 'requests', need: 5n }));
    await ground.closeJournal(holder.id);
    await eventually(async () => {
      expect(await lease(calls.leaseId)).toMatchObject([{ granted: '0', closed: true }]);
      expect(await lease(requests.leaseId)).toMatchObject([{ granted: '5', closed: true }]);
    });
  });

  it('are settled anew where it is heard of after all', async () => {
    const { leaseId } = await holder.lent(ground.ask(budget, { need: 500n }));
    await ground.closeJournal(holder.id);
    await eventually(async () => expect(await lease(leaseId)).toMatchObject([{ granted: '0', closed: true }]));
    expect(await holder.lent(ground.ask(budget, { claim: 70n, spent: 70n }))).toMatchObject({ granted: 70n });
    await eventually(async () => expect(await lease(leaseId)).toMatchObject([{ granted: '70', closed: true }]));
  });

  it('stay as they are where nobody knows the journal', async () => {
    const { leaseId } = await holder.lent(ground.ask(budget, { need: 500n }));
    const stranger = ground.holder(service);
    const lost = await stranger.lent(ground.ask(budget, { need: 1n }));
    await ground.closeJournal('00000000-0000-4000-8000-000000000000');
    await ground.closeJournal(stranger.id);
    await eventually(async () => expect(await lease(lost.leaseId)).toMatchObject([{ closed: true }]));
    expect(await lease(leaseId)).toMatchObject([{ granted: '500', closed: false }]);
  });
});

describe('a process that fell silent', () => {
  it('keeps what it was lent, which is shown and told of once', async () => {
    const { leaseId } = await holder.lent(ground.ask(budget, { need: 600n }));
    await holder.lent(ground.ask(budget, { claim: 600n, spent: 100n, held: 20n }));
    const other = ground.holder(service);
    expect(await other.lent(ground.ask(budget, { need: 1n }))).toMatchObject({ remaining: 900n });
    ground.now = NOON + MINUTE + 1;
    expect(await other.lent(ground.ask(budget, { claim: 1n, need: 400n }))).toMatchObject({
      ...{ granted: 400n, remaining: 400n },
    });
    expect(await ground.events('lease-lost')).toEqual([]);
    ground.now = NOON + 2 * MINUTE + 1;
    const told = [{ leaseId, holder: holder.id, withheldUsd: '0.000000000500' }];
    await eventually(async () => expect(await ground.events('lease-lost')).toEqual(told));
    await ground.budget({ amount: 1n, thresholds: [], period: 'DAY' });
    await ground.closeJournal(holder.id);
    await eventually(async () => expect(await lease(leaseId)).toMatchObject([{ granted: '100', closed: true }]));
    expect(await ground.events('lease-lost')).toEqual(told);
  });

  it('is not told of where it had nothing beyond what it spent', async () => {
    const known = ground.holder(service);
    await holder.lent(ground.ask(budget, { need: 100n }));
    await holder.lent(ground.ask(budget, { claim: 40n, spent: 40n }));
    await known.lent(ground.ask(budget, { need: 100n }));
    ground.now = NOON + 2 * MINUTE + 1;
    await eventually(async () => expect(await ground.events('lease-lost')).toMatchObject([{ holder: known.id }]));
  });
});

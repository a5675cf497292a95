import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Ground } from '../../test/ground.js';
import type { TestHolder } from '../../test/test-holder.js';
import type { BudgetsService } from '../start-budgets.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A Wednesday. */
const NOON = Date.UTC(2026, 10, 25, 12);

let ground: Ground;
let service: BudgetsService;
let holder: TestHolder;
let other: TestHolder;

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
  other = ground.holder(service);
});

describe('lending', () => {
  it('lends what is needed, and of what is wanted half of a share', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    expect(await holder.lent(ground.ask(budget, { need: 100n, want: 2_000n }))).toMatchObject({
      ...{ granted: 500n, limit: 1_000n, remaining: 1_000n, short: false, lastsMs: 60_000, periodEnd: null },
    });
    expect(await other.lent(ground.ask(budget, { need: 100n, want: 2_000n }))).toMatchObject({ granted: 125n });
  });

  it('takes reports in, and lends again what is given back', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.lent(ground.ask(budget, { need: 900n }));
    expect(await other.lent(ground.ask(budget, { need: 200n }))).toMatchObject({ short: true });
    const report = ground.ask(budget, {
      claim: 350n,
      spent: 300n,
      held: 30n,
      unconfirmed: 20n,
      need: 350n,
      want: 350n,
    });
    expect(await holder.lent(report)).toMatchObject({ granted: 350n, remaining: 680n, short: true });
    expect(await other.lent(ground.ask(budget, { need: 650n }))).toMatchObject({
      ...{ granted: 650n, remaining: 680n },
    });
  });

  it('lends no more than is needed while somebody is short, and more after two seconds', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.lent(ground.ask(budget, { need: 800n }));
    await other.lent(ground.ask(budget, { need: 300n }));
    const third = ground.holder(service);
    await holder.lent(ground.ask(budget, { claim: 100n, spent: 100n, need: 100n }));
    expect(await third.lent(ground.ask(budget, { need: 10n, want: 500n }))).toMatchObject({
      granted: 10n,
      short: true,
    });
    ground.now = NOON + 2_001;
    const later = await third.lent(ground.ask(budget, { claim: 10n, need: 10n, want: 500n }));
    expect(later.short).toBe(false);
    expect(later.granted).toBeGreaterThan(10n);
  });

  it('holds nested budgets in one exchange', async () => {
    const tenant = await ground.budget({ amount: 1_000n });
    const tag = await ground.budget({ amount: 100n, tag: { key: 'отдел', value: 'поиск' } });
    const asked = [ground.ask(tenant, { need: 400n }), ground.ask(tag, { need: 60n })];
    expect((await holder.exchange(asked)).leases).toMatchObject([
      { granted: 400n, limit: 1_000n },
      { granted: 60n, limit: 100n },
    ]);
  });

  it('does not heed what comes late', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.exchange([ground.ask(budget, { need: 10n })], 5);
    expect(await holder.state(ground.ask(budget, { need: 500n }), 5)).toBe('stale');
    expect(await holder.state(ground.ask(budget, { need: 500n }), 4)).toBe('stale');
    expect(await holder.state(ground.ask(budget, { claim: 10n, need: 20n }), 6)).toBe('lent');
    const account = (await ground.committed()).find(({ budgetId }) => budgetId === budget);
    expect(account?.committed).toBe(20n);
  });

  it('answers one of two requests about the same account', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    const twice = [ground.ask(budget, { need: 10n }), ground.ask(budget, { need: 20n })];
    expect((await holder.exchange(twice)).leases).toMatchObject([{ state: 'lent' }, { state: 'stale' }]);
  });

  it('knows nothing of limits that are not there, or not of this unit', async () => {
    expect(await holder.state(ground.ask(randomUUID()))).toBe('gone');
    const rate = await ground.rateLimit({ requests: 10 });
    expect(await holder.state(ground.ask(rate, { unit: 'tokens' }))).toBe('gone');
    expect(await holder.state(ground.ask(rate))).toBe('gone');
    const budget = await ground.budget({ amount: 10n });
    expect(await holder.state({ ...ground.ask(budget), tenantId: randomUUID() })).toBe('gone');
  });

  it('answers an exchange without leases', async () => {
    expect(await holder.exchange([])).toEqual({ leases: [] });
  });

  it('takes in what was spent under a budget that was deleted, and lends no more', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.lent(ground.ask(budget, { need: 500n }));
    await ground.sql('UPDATE budget SET deleted_at = now() WHERE id = $1', [budget]);
    expect(await holder.state(ground.ask(budget, { claim: 400n, spent: 300n, held: 50n, need: 900n }))).toBe('gone');
    expect(await other.state(ground.ask(budget, { need: 1n }))).toBe('gone');
    const rows = await ground.sql(
      `SELECT granted, spent, held FROM budget_lease JOIN budget_account AS account ON account.id = account_id
        WHERE budget_id = $1`,
      [budget],
    );
    expect(rows).toEqual([{ granted: '400', spent: '300', held: '50' }]);
  });

  it('lends nothing under a limit that was lowered below what is spent, and takes nothing away', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.lent(ground.ask(budget, { need: 600n }));
    await ground.sql('UPDATE budget SET amount = 0.0000000001 WHERE id = $1', [budget]);
    const report = ground.ask(budget, { claim: 550n, spent: 500n, held: 50n, need: 700n, want: 900n });
    expect(await holder.lent(report)).toMatchObject({ granted: 550n, limit: 100n, remaining: 0n });
    expect(await other.lent(ground.ask(budget, { need: 1n }))).toMatchObject({ granted: 0n, short: true });
  });

  it('takes an overdraft as a fact, and records it once under a hard budget', async () => {
    const hard = await ground.budget({ amount: 100n });
    const soft = await ground.budget({ amount: 100n, mode: 'SOFT', period: 'DAY' });
    await holder.exchange([ground.ask(hard, { need: 100n }), ground.ask(soft, { need: 100n })]);
    const report = { claim: 100n, spent: 160n };
    const answers = await holder.exchange([ground.ask(hard, report), ground.ask(soft, report)]);
    expect(answers.leases).toMatchObject([{ granted: 160n, remaining: 0n }, { granted: 160n }]);
    await holder.exchange([ground.ask(hard, report), ground.ask(soft, report)]);
    expect(await ground.events('overdraft')).toMatchObject([
      { amountUsd: '0.000000000060', limitUsd: '0.000000000100' },
    ]);
  });

  it('does not let what is spent grow less', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    await holder.lent(ground.ask(budget, { need: 500n }));
    await holder.lent(ground.ask(budget, { claim: 500n, spent: 400n }));
    expect(await holder.lent(ground.ask(budget, { claim: 10n, spent: 10n }))).toMatchObject({ granted: 400n });
  });

  it('counts what the ledger has already when an account is opened, by the scope of the budget', async () => {
    const team = await ground.team('поиск');
    const budget = await ground.budget({ amount: 1_000n, period: 'HOUR', teamId: team });
    await ground.ledger(
      { at: NOON, cost: 300n, teamId: team },
      { at: NOON - 1, cost: 7n, teamId: team },
      { at: NOON + HOUR, cost: 7n, teamId: team },
      { at: NOON, cost: 7n },
    );
    expect(await holder.lent(ground.ask(budget, { need: 700n }))).toMatchObject({ granted: 700n, remaining: 700n });
    expect(await other.lent(ground.ask(budget, { need: 1n }))).toMatchObject({ granted: 0n, short: true });
  });
});

describe('periods', () => {
  it('opens one account for each, and knows their bounds', async () => {
    const budget = await ground.budget({ amount: 1_000n, period: 'HOUR' });
    const bounds = { periodStart: NOON, periodEnd: NOON + HOUR };
    expect(await holder.lent(ground.ask(budget, { at: NOON + 5, need: 800n }))).toMatchObject(bounds);
    ground.now = NOON + HOUR + 5;
    const next = await holder.lent(ground.ask(budget, { need: 900n }));
    expect(next).toMatchObject({ periodStart: NOON + HOUR, periodEnd: NOON + 2 * HOUR, granted: 900n });
    expect(await holder.lent(ground.ask(budget, { at: NOON + 5, claim: 800n, held: 3n }))).toMatchObject(bounds);
  });

  it('can be asked for a minute before they begin', async () => {
    const budget = await ground.budget({ amount: 1_000n, period: 'DAY', timezone: 'Europe/Moscow' });
    const midnight = Date.UTC(2026, 10, 25, 21);
    ground.now = midnight - MINUTE - 1;
    expect(await holder.state(ground.ask(budget, { at: midnight }))).toBe('wrong-time');
    ground.now = midnight - MINUTE;
    expect(await holder.lent(ground.ask(budget, { at: midnight, need: 5n }))).toMatchObject({
      ...{ periodStart: midnight, periodEnd: midnight + 24 * HOUR, granted: 5n },
    });
  });

  it('end a quarter of an hour after their end, but for who has a lease', async () => {
    const budget = await ground.budget({ amount: 1_000n, period: 'HOUR' });
    await holder.lent(ground.ask(budget, { need: 100n }));
    ground.now = NOON + HOUR + 15 * MINUTE + 1;
    expect(await holder.lent(ground.ask(budget, { at: NOON, claim: 60n, held: 60n }))).toMatchObject({ granted: 60n });
    expect(await other.state(ground.ask(budget, { at: NOON }))).toBe('wrong-time');
    expect(await other.state(ground.ask(budget, { at: NOON - HOUR }))).toBe('wrong-time');
  });

  it.each([0, 8_640_000_000_000_001, Number.MAX_SAFE_INTEGER])('refuse the moment %d', async (at) => {
    const budget = await ground.budget({ amount: 1_000n, period: 'HOUR' });
    expect((await holder.exchange([ground.ask(budget, { at })])).leases).toEqual([{ state: 'wrong-time', now: NOON }]);
  });

  it('follow one another without a gap after a change of time zone', async () => {
    const budget = await ground.budget({ amount: 1_000n, period: 'DAY', timezone: 'UTC' });
    const first = await holder.lent(ground.ask(budget, { need: 700n }));
    await ground.sql(`UPDATE budget SET timezone = 'Asia/Tokyo' WHERE id = $1`, [budget]);
    const midnight = Date.UTC(2026, 10, 26);
    ground.now = midnight - 1;
    expect(await holder.lent(ground.ask(budget, { claim: 700n, need: 700n }))).toMatchObject({
      ...{ leaseId: first.leaseId, periodEnd: midnight, granted: 700n },
    });
    ground.now = midnight + HOUR;
    expect(await holder.lent(ground.ask(budget, { need: 900n }))).toMatchObject({
      ...{ periodStart: midnight, periodEnd: Date.UTC(2026, 10, 26, 15), granted: 900n },
    });
  });

  it('hold calls that were under way when a budget without periods was made', async () => {
    const budget = await ground.budget({ amount: 1_000n });
    expect(await holder.state(ground.ask(budget, { at: NOON - HOUR }))).toBe('lent');
    expect(await holder.state(ground.ask(budget, { at: NOON }))).toBe('lent');
  });
});

describe('rate limits', () => {
  it('count requests and tokens by the minute of the clock', async () => {
    const limit = await ground.rateLimit({ requests: 10, tokens: 1_000 });
    const asked = [
      ground.ask(limit, { unit: 'requests', at: NOON + 1, need: 10n }),
      ground.ask(limit, { unit: 'tokens', at: NOON + 1, need: 400n }),
    ];
    expect((await holder.exchange(asked)).leases).toMatchObject([
      { granted: 10n, limit: 10n, periodStart: NOON, periodEnd: NOON + MINUTE },
      { granted: 400n, limit: 1_000n },
    ]);
    ground.now = NOON + MINUTE;
    const next = await other.lent(ground.ask(limit, { unit: 'requests', need: 3n }));
    expect(next).toMatchObject({ granted: 3n, periodStart: NOON + MINUTE });
  });

  it('free the calls of a process that fell silent, and count them again where it lives', async () => {
    const limit = await ground.rateLimit({ calls: 5 });
    const calls = { unit: 'calls' } as const;
    expect(await holder.lent(ground.ask(limit, { ...calls, need: 5n }))).toMatchObject({
      ...{ granted: 5n, periodStart: 0, periodEnd: null },
    });
    ground.now = NOON + 2 * MINUTE;
    expect(await other.lent(ground.ask(limit, { ...calls, need: 5n }))).toMatchObject({ granted: 0n });
    ground.now = NOON + 2 * MINUTE + 1;
    expect(await other.lent(ground.ask(limit, { ...calls, need: 3n }))).toMatchObject({ granted: 3n });
    expect(await holder.lent(ground.ask(limit, { ...calls, claim: 5n, held: 2n, need: 5n }))).toMatchObject({
      ...{ granted: 2n, short: true },
    });
  });
});

describe('many at once', () => {
  it.each([1, 2, 3, 4, 5])('never lend more than the limit, over two instances (seed %d)', async (seed) => {
    const random = randomOf(seed);
    const second = await ground.start();
    const budgets = [
      await ground.budget({ amount: 10_000n, period: 'HOUR' }),
      await ground.budget({ amount: 3_000n, period: 'DAY' }),
      await ground.budget({ amount: 7_000n, period: 'MONTH' }),
    ];
    const crowd = Array.from({ length: 12 }, (_, index) => ({
      holder: ground.holder(index % 2 === 0 ? service : second),
      leases: new Map(budgets.map((budget) => [budget, { spent: 0n, granted: 0n }])),
    }));
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        crowd.map(async ({ holder: each, leases }) => {
          const chosen = budgets.filter(() => random() < 0.8).sort(() => random() - 0.5);
          const asked = chosen.map((budget) => {
            const lease = leases.get(budget)!;
            lease.spent += BigInt(Math.floor(random() * Number(lease.granted - lease.spent + 1n)));
            const claim = lease.spent + BigInt(Math.floor(random() * Number(lease.granted - lease.spent + 1n)));
            const need = lease.spent + BigInt(Math.floor(random() * 900));
            return ground.ask(budget, {
              claim,
              spent: lease.spent,
              need,
              want: need + BigInt(Math.floor(random() * 900)),
            });
          });
          const { leases: answers } = await each.exchange(asked);
          answers.forEach((answer, index) => {
            if (answer.state === 'lent') leases.get(chosen[index]!)!.granted = answer.granted;
          });
        }),
      );
      for (const { budgetId, committed, limit } of await ground.committed()) {
        expect(committed, budgetId).toBeLessThanOrEqual(limit);
      }
    }
    const spent = crowd.flatMap(({ leases }) => leases.get(budgets[1]!)!.spent);
    expect(spent.reduce((sum, each) => sum + each, 0n)).toBeGreaterThan(0n);
    const accounts = await ground.sql('SELECT FROM budget_account WHERE budget_id = ANY($1)', [budgets]);
    expect(accounts).toHaveLength(3);
  });
});

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

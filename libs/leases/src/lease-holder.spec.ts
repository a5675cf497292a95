import { beforeEach, describe, expect, it } from 'vitest';
import { LeaseStore } from '../test/lease-store.js';
import { EPOCH, OneHolder } from '../test/one-holder.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let one: OneHolder;

beforeEach(() => {
  one = new OneHolder();
  one.store.setLimit('month', 'pico-dollars', 1000n);
  one.store.setLimit('hour', 'pico-dollars', 1000n, HOUR);
});

describe('a call', () => {
  it('takes nothing of any limit where one has not lent enough, and of all once they have', () => {
    const limits = [one.limit('month'), one.limit('hour')];
    expect(one.holder.tryTake(limits, one.now, 100n)).toBeUndefined();
    const asked = one.ask(100n, ...limits);
    expect(asked.taken).toBeUndefined();
    expect(one.exchange()).toMatchObject([{ need: 100n }, { need: 100n }]);
    expect(asked.taken?.leases).toBe('{1,2}');
    expect(limits.map((limit) => limit.leaseAt(one.now)?.held)).toEqual([100n, 100n]);
  });

  it('shares the text of its leases with calls under the same limits', () => {
    const limit = one.limit('month');
    one.ask(1n, limit);
    one.exchange();
    const [first, second] = [1, 2].map(() => one.holder.tryTake([limit], one.now, 0n));
    expect(first?.leases).toBe('{1}');
    expect(second?.leases).toBe(first?.leases);
  });

  it('is settled once, and what it did not spend is free again', () => {
    const limit = one.limit('month');
    const { taken } = afterExchange(one.ask(100n, limit));
    const lease = limit.leaseAt(one.now);
    const granted = lease?.granted;
    taken?.settle(30n, 20n);
    taken?.settle(30n, 20n);
    expect(lease).toMatchObject({ spent: 30n, unconfirmed: 20n, held: 0n, granted });
    expect(() => one.holder.tryTake([limit], one.now, 0n)?.settle(-1n, 0n)).toThrow(RangeError);
    expect(() => one.holder.tryTake([limit], one.now, -1n)).toThrow(RangeError);
  });

  it('that cost more than was set aside is counted as it is, and the service is told', () => {
    const limit = one.limit('month');
    const { taken } = afterExchange(one.ask(900n, limit));
    taken?.settle(1500n, 0n);
    expect(limit.standing(one.now)).toMatchObject({ available: 0n, remaining: 0n });
    one.run(2000);
    expect(one.store.overdrafts).toBe(1);
    expect(limit.leaseAt(one.now)?.granted).toBe(1500n);
  });

  it('is served when another one gives back what it had', () => {
    const limit = one.limit('month');
    const first = afterExchange(one.ask(800n, limit));
    const second = afterExchange(one.ask(300n, limit));
    expect(second).toEqual({ taken: undefined, refused: undefined });
    first.taken?.settle(100n, 0n);
    expect(second.taken).toBeDefined();
  });
});

describe('a call that does not fit what remains', () => {
  it('is refused at once, and so are the next ones, without asking again', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(600n, limit)).taken?.settle(600n, 0n);
    one.run(1100);
    expect(one.ask(500n, limit).refused).toBe('spent');
    expect(one.holder.waiting).toBe(0);
    expect(one.ask(400n, limit).refused).toBeUndefined();
  });

  it('is looked after: the next ones know how the limit stands without waiting', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(1000n, limit)).taken?.settle(1000n, 0n);
    one.run(1100);
    for (let call = 0; call < 20; call += 1) {
      expect(one.ask(1n, limit).refused).toBe('spent');
      one.run(200);
    }
    one.store.setLimit('month', 'pico-dollars', 2000n);
    one.ask(1n, limit);
    one.run(600);
    expect(afterExchange(one.ask(1n, limit)).taken).toBeDefined();
  });

  it('waits where calls under way hold what it needs', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(1000n, limit));
    const asked = afterExchange(one.ask(1n, limit));
    expect(asked).toEqual({ taken: undefined, refused: undefined });
    const waiter = { allowances: [limit], at: one.now, amount: 1n, resolve: () => undefined, reject: () => undefined };
    expect(one.holder.lack(waiter)?.reason).toBe('reserved');
  });
});

describe('two holders', () => {
  it('give each other what lies idle, though the one that has it is at rest', () => {
    const other = new OneHolder('other', one.store);
    const [mine, theirs] = [one.limit('month'), other.limit('month')];
    afterExchange(one.ask(450n, mine)).taken?.settle(10n, 0n);
    other.ask(100n, theirs);
    other.exchange();
    const asked = other.ask(800n, theirs);
    other.exchange();
    expect(asked.taken).toBeUndefined();
    for (let round = 0; round < 60 && asked.taken === undefined; round += 1) {
      one.run(75);
      other.time = one.time;
      other.exchange();
    }
    expect(asked.taken).toBeDefined();
    // Less than the three seconds after which an unchanged lease is looked at, and the same again.
    expect(one.time).toBeLessThan(3500);
  });
});

describe('a lease', () => {
  it('ends by the steady clock, from before the request was sent, whatever the wall clock says', () => {
    const limit = one.limit('month');
    one.ask(1n, limit);
    const draft = one.draft();
    one.time += 1500;
    if (draft !== undefined) one.holder.heed(draft, one.store.exchange(draft.request));
    one.time += 58_400;
    expect(one.holder.tryTake([limit], one.now, 1n)).toBeDefined();
    one.skew = -HOUR;
    one.time += 100;
    expect(one.holder.tryTake([limit], one.now, 1n)).toBeUndefined();
    expect(limit.standing(one.now)).toMatchObject({ available: 0n });
  });

  it('goes on after an outage with all that it counted', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(100n, limit)).taken?.settle(70n, 0n);
    one.time += 10 * MINUTE;
    one.lose();
    expect(one.holder.awaySince).toBeUndefined();
    one.time += 1000;
    one.lose();
    one.time += 1000;
    expect(one.holder.awaySince).toBeDefined();
    afterExchange(one.ask(900n, limit));
    expect(one.holder.awaySince).toBeUndefined();
    expect(limit.leaseAt(one.now)?.spent).toBe(70n);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ spent: 70n });
  });

  it('that is idle goes back whole, and rests', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(100n, limit)).taken?.settle(70n, 0n);
    one.run(35_000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ granted: 70n, spent: 70n, held: 0n });
    expect(one.holder.dueIn()).toBe(Infinity);
  });

  it('is claimed before the request is sent: a lost answer takes nothing from what others have', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(200n, limit)).taken?.settle(0n, 0n);
    const stored = one.store.leases.get('1')?.lease;
    one.time += 31_000;
    one.lose();
    expect(stored?.granted).toBeGreaterThanOrEqual(200n);
    expect(limit.leaseAt(one.now)?.granted).toBe(0n);
    one.run(2000);
    expect(stored?.granted).toBe(0n);
  });

  it('of another database starts with what this process knows', () => {
    const limit = one.limit('month');
    const { taken } = afterExchange(one.ask(100n, limit));
    afterExchange(one.ask(50n, limit)).taken?.settle(50n, 0n);
    const restored = new OneHolder('restored').store;
    restored.setLimit('other', 'pico-dollars', 5n);
    restored.exchange({ holder: 'x', sequence: 1, leases: [line('other')] });
    restored.setLimit('month', 'pico-dollars', 1000n);
    one.time += 1000;
    const draft = one.draft();
    if (draft !== undefined) one.holder.heed(draft, restored.exchange(draft.request));
    expect(limit.leaseAt(one.now)).toMatchObject({ id: '2', spent: 50n, held: 100n });
    taken?.settle(10n, 0n);
    expect(limit.leaseAt(one.now)).toMatchObject({ spent: 60n, held: 0n });
  });
});

describe('periods', () => {
  it('are asked for before they begin, so that no call waits at their turn', () => {
    const limit = one.limit('hour');
    one.time = HOUR - 20_000;
    afterExchange(one.ask(100n, limit)).taken?.settle(40n, 0n);
    one.run(20_000);
    expect(limit.leases.map(({ start }) => start)).toEqual([EPOCH + HOUR, EPOCH]);
    const taken = one.holder.tryTake([limit], one.now, 100n);
    expect(taken?.leases).toBe('{2}');
    expect(limit.leaseAt(one.now)?.spent).toBe(0n);
  });

  it('that are past are kept while calls are under way, and forgotten afterwards', () => {
    const limit = one.limit('hour');
    one.time = HOUR - 1000;
    const { taken } = afterExchange(one.ask(100n, limit));
    one.run(10 * MINUTE);
    taken?.settle(60n, 0n);
    one.run(2000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ granted: 60n, spent: 60n, held: 0n });
    afterExchange(one.ask(1n, limit));
    one.run(25 * MINUTE);
    expect(limit.leases.map(({ start }) => start)).toEqual([EPOCH + HOUR]);
    const late = {
      allowances: [limit],
      at: EPOCH + HOUR - 1,
      amount: 1n,
      resolve: () => undefined,
      reject: () => undefined,
    };
    expect(one.holder.lack(late)?.reason).toBe('wrong-time');
    expect(one.store.leases.get('1')?.lease.spent).toBe(60n);
  });

  it('that were forgotten are not asked for again: what was spent in them would be told as nothing', () => {
    const lender: OneHolder = new OneHolder('holder', new LeaseStore(() => EPOCH + lender.time, 60_000, 2 * HOUR));
    one = lender;
    one.store.setLimit('hour', 'pico-dollars', 1000n, HOUR);
    const limit = one.limit('hour', { hard: false });
    one.time = HOUR - 1000;
    one.ask(0n, limit);
    afterExchange(one.ask(100n, limit)).taken?.settle(60n, 0n);
    afterExchange(one.ask(100n, limit)).taken?.settle(60n, 0n);
    one.run(2000);
    afterExchange(one.ask(1n, limit));
    one.run(30 * MINUTE);
    expect(limit.leases).toHaveLength(1);
    expect(one.holder.tryTake([limit], EPOCH + HOUR - 1, 1n)?.leases).toBeNull();
    one.run(2000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ granted: 60n, spent: 60n });
  });

  it('of a clock that is wrong are refused as such', () => {
    const limit = one.limit('hour');
    one.skew = 3 * HOUR;
    expect(afterExchange(one.ask(1n, limit)).refused).toBe('wrong-time');
    one.skew = 0;
    expect(afterExchange(one.ask(1n, limit)).taken).toBeDefined();
  });
});

describe('while the budgets service is away', () => {
  it('calls under a HARD limit are covered by what is lent, and then wait', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(100n, limit));
    const available = limit.standing(one.now)?.available ?? 0n;
    one.time += 1000;
    one.lose();
    expect(one.holder.tryTake([limit], one.now, available)).toBeDefined();
    one.time += 1000;
    one.lose();
    const waiter = { allowances: [limit], at: one.now, amount: 1n, resolve: () => undefined, reject: () => undefined };
    expect(one.holder.join(waiter)).toBe(true);
    expect(one.holder.lack(waiter)?.reason).toBe('away');
  });

  it('they go on where the tenant allows it, charged to what was lent or to nothing; it is told once', () => {
    const month = one.limit('month', { whenAway: 'allow' });
    const hour = one.limit('hour', { whenAway: 'allow' });
    afterExchange(one.ask(100n, month));
    one.ask(1n, hour);
    one.lose();
    expect(one.holder.tryTake([month, hour], one.now, 950n)).toBeUndefined();
    one.time += 1000;
    one.lose();
    const calls = [1, 2].map(() => one.holder.tryTake([month, hour], one.now, 950n));
    expect(calls.map((taken) => taken?.leases)).toEqual(['{1}', '{1}']);
    expect(one.uncovered.toSorted()).toEqual(['hour', 'month']);
    for (const taken of calls) taken?.settle(950n, 0n);
    one.time += 1000;
    expect(one.exchange()).toContainEqual(expect.objectContaining({ budgetId: 'hour', uncovered: true }));
    expect(one.store.overdrafts).toBe(1);
    one.run(5000);
    expect(one.holder.tryTake([month], one.now, 1n)).toBeUndefined();
  });
});

describe('a SOFT limit', () => {
  it('never refuses: calls go on without a lease, and then beyond it', () => {
    const limit = one.limit('month', { hard: false });
    const first = one.holder.tryTake([limit], one.now, 5n);
    expect(first?.leases).toBeNull();
    first?.settle(5n, 0n);
    expect(one.exchange()).toMatchObject([{ uncovered: true }]);
    const second = one.holder.tryTake([limit], one.now, 5000n);
    expect(second?.leases).toBe('{1}');
    second?.settle(4000n, 0n);
    one.run(2000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ spent: 4000n, granted: 4000n });
    expect(one.uncovered).toEqual([]);
  });
});

describe('calls at once', () => {
  it('are given back whole, and again free for others', () => {
    one.store.setLimit('calls', 'calls', 2n);
    const limit = one.limit('calls');
    const [first, second, third] = [1, 2, 3].map(() => one.ask(1n, limit));
    one.run(200);
    expect([first?.taken, second?.taken, third?.taken].map((taken) => taken !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
    first?.taken?.settle(0n, 0n);
    expect(third?.taken).toBeDefined();
  });

  it('of a lease that ended are not claimed any more, but for those under way', () => {
    one.store.setLimit('calls', 'calls', 10n);
    const limit = one.limit('calls');
    afterExchange(one.ask(1n, limit));
    one.time += 5 * MINUTE;
    expect(one.exchange()).toMatchObject([{ claim: 1n, held: 1n }]);
  });
});

describe('a limit that is no more', () => {
  it('refuses nobody, by the word of the service', () => {
    const limit = one.limit('deleted');
    expect(afterExchange(one.ask(1n, limit)).taken?.leases).toBeNull();
    one.time += 2000;
    one.store.setLimit('deleted', 'pico-dollars', 5n);
    expect(one.holder.tryTake([limit], one.now, 10n)).toBeDefined();
    one.exchange();
    expect(one.holder.tryTake([limit], one.now, 10n)).toBeUndefined();
  });

  it('is forgotten: what is idle goes back, calls under way still settle, those that wait go on', () => {
    const limit = one.limit('month');
    const { taken } = afterExchange(one.ask(600n, limit));
    const waiting = afterExchange(one.ask(500n, limit));
    one.holder.forget('month');
    expect(waiting.taken?.leases).toBeNull();
    one.run(2000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ granted: 600n, held: 600n });
    taken?.settle(10n, 0n);
    one.run(2000);
    expect(one.store.leases.get('1')?.lease).toMatchObject({ granted: 10n, spent: 10n });
    one.store.limits.delete('month');
    expect(one.limit('month')).toBe(limit);
    expect(afterExchange(one.ask(100n, limit)).taken).toBeDefined();
  });

  it('is dropped once the service knows nothing of it', () => {
    const limit = one.limit('month');
    afterExchange(one.ask(600n, limit)).taken?.settle(0n, 0n);
    one.store.limits.delete('month');
    one.holder.forget('month');
    one.run(3000);
    expect(one.holder.size).toBe(0);
  });
});

it('an answer about another period is no answer', () => {
  const limit = one.limit('hour');
  one.ask(1n, limit);
  const draft = one.draft();
  if (draft === undefined) throw new Error('nothing was due');
  const answer = one.store.exchange(draft.request);
  const [lease] = answer.leases;
  if (lease?.state !== 'lent') throw new Error('nothing was lent');
  one.holder.heed(draft, {
    leases: [{ ...lease, periodStart: lease.periodStart + HOUR, periodEnd: EPOCH + 2 * HOUR }],
  });
  expect(one.troubles).toHaveLength(1);
  expect(limit.leases).toEqual([]);
  expect(() => {
    one.holder.heed(draft, { leases: [] });
  }).toThrow(/for each lease/);
});

function afterExchange<T>(asked: T): T {
  one.exchange();
  return asked;
}

function line(budgetId: string) {
  const nothing = { claim: 0n, spent: 0n, held: 0n, unconfirmed: 0n, need: 0n, want: 0n };
  return { tenantId: 'tenant', budgetId, unit: 'pico-dollars' as const, at: EPOCH, ...nothing, uncovered: false };
}

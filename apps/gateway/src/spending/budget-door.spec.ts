import { BudgetExceeded, BudgetsUnavailable, CallCancelled, formatUsd, type PicoDollars } from '@parsimony/contract';
import type { LeaseBook } from '@parsimony/leases';
import { unlimitedDoor, type CutCall, type Grant, type ReservationRequest } from '@parsimony/metering';
import type { Budget, BudgetRules } from '@parsimony/tenancy';
import { aCall } from '@parsimony/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lender } from '../../test/lender.js';
import { aBudget, aTenantView, KEY_ID, RULES, TEAM_ID, TENANT_ID } from '../../test/limited-tenant.js';
import { BudgetDoor } from './budget-door.js';
import { LimitMatcher } from './limit-matcher.js';

const PROMPT = 1000n;
const TOKEN = 10n;
const LONGEST_ANSWER = 128_000;
const PERIOD_END = Date.UTC(2100, 0, 1);

function costOf(tokens: number): PicoDollars {
  return PROMPT + TOKEN * BigInt(tokens);
}

/** A provider call; without a limit its worst case is that of the longest answer. */
class Asked implements ReservationRequest {
  readonly call;
  readonly target;
  readonly worstCase: PicoDollars;
  readonly limitsOutput: boolean;
  readonly #tokens: number;

  constructor(tokens: number | undefined, signal = new AbortController().signal) {
    const caller = { tenantId: TENANT_ID, teamId: TEAM_ID, keyId: KEY_ID };
    this.call = aCall({ caller, receivedAt: Date.now(), signal });
    this.target = this.call.target;
    this.limitsOutput = tokens !== undefined;
    this.#tokens = tokens ?? LONGEST_ANSWER;
    this.worstCase = costOf(this.#tokens);
  }

  cutTo(amount: PicoDollars, atMost = Infinity): CutCall | undefined {
    const maxTokens = Math.min(this.#tokens, atMost, Number((amount - PROMPT) / TOKEN));
    if (maxTokens < 16) return undefined;
    const call = { ...this.call, body: { ...this.call.body, max_tokens: maxTokens } };
    return { call, maxTokens, worstCase: costOf(maxTokens) };
  }
}

let lender: Lender;
let book: LeaseBook;
beforeEach(() => {
  lender = new Lender(PERIOD_END);
  book = lender.book('this');
});
afterEach(() => lender[Symbol.asyncDispose]());

/** @param limits by the budgets' ids. */
function aDoor(
  limits: Readonly<Record<string, PicoDollars>>,
  rules: Partial<BudgetRules> = {},
  budgets: readonly Budget[] = Object.keys(limits).map((id) => aBudget(id)),
  of = book,
): BudgetDoor {
  for (const [id, limit] of Object.entries(limits)) lender.set(id, limit);
  const view = aTenantView(budgets, [], { ...RULES, ...rules });
  return new BudgetDoor(new LimitMatcher(of, () => view), of, { ...RULES, ...rules });
}

async function refusal(grant: Grant | Promise<Grant>): Promise<unknown> {
  const outcome: unknown = await Promise.resolve(grant).catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error('the call was let through');
}

async function timed<Value>(work: Grant | Promise<Value>): Promise<number> {
  const began = performance.now();
  await Promise.resolve(work).catch(() => undefined);
  return performance.now() - began;
}

describe('a provider call', () => {
  it('under no budget passes as if there were no door', () => {
    const request = new Asked(100);
    expect(aDoor({}).reserve(request)).toBe(unlimitedDoor.reserve(request));
  });

  it('is charged to all budgets above it, and gives back what it did not spend', async () => {
    const door = aDoor({ day: 10_000n, month: 20_000n });
    const first = await door.reserve(new Asked(100));
    expect(first).toMatchObject({ leases: '{1,2}', cut: undefined });
    first.settle(1500n, 'exact');
    await expect.poll(() => [lender.used('day'), lender.used('month')]).toEqual([1500n, 1500n]);
    // What is left is whole again: 8,500 of the day.
    expect(await door.reserve(new Asked(750))).toMatchObject({ cut: undefined });
  });

  it('that fits what is lent is answered at once, without a promise', async () => {
    const door = aDoor({ month: 1_000_000n });
    (await door.reserve(new Asked(1000))).settle(0n, 'exact');
    expect(door.reserve(new Asked(500))).not.toBeInstanceOf(Promise);
  });

  it.each(['at-least', 'unconfirmed'] as const)(
    'of which the cost is %s keeps the rest set aside',
    async (settlement) => {
      const door = aDoor({ month: 10_000n });
      (await door.reserve(new Asked(100))).settle(400n, settlement);
      await expect.poll(() => lender.used('month')).toBe(costOf(100));
    },
  );

  it('may cost more than it could: what a provider bills is a fact', async () => {
    const door = aDoor({ month: 10_000n });
    (await door.reserve(new Asked(100))).settle(5000n, 'at-least');
    await expect.poll(() => lender.used('month')).toBe(5000n);
  });
});

describe('a call that says how long its answer may be', () => {
  it('is cut to what is left where that is all that can ever be had', async () => {
    const door = aDoor({ wide: 1_000_000n, narrow: 4000n });
    const grant = await door.reserve(new Asked(1000));
    expect(grant.cut).toMatchObject({ maxTokens: 300, worstCase: 4000n, call: { body: { max_tokens: 300 } } });
    grant.settle(4000n, 'exact');
    await expect.poll(() => lender.used('narrow')).toBe(4000n);
  });

  it('waits for what others hold, and is whole when it comes back', async () => {
    const door = aDoor({ month: 6000n }, { waitMs: 5000 });
    const other = await door.reserve(new Asked(300));
    const waiting = door.reserve(new Asked(400));
    setTimeout(() => other.settle(1000n, 'exact'), 50);
    expect((await waiting).cut).toBeUndefined();
  });

  it('waits for what another gateway holds', async () => {
    const door = aDoor({ month: 6000n }, { waitMs: 5000 });
    const elsewhere = aDoor({}, {}, [aBudget('month')], lender.book('other'));
    const other = await elsewhere.reserve(new Asked(300));
    const waiting = door.reserve(new Asked(400));
    setTimeout(() => other.settle(500n, 'exact'), 50);
    expect((await waiting).cut).toBeUndefined();
  });

  it('is cut to what there is when its patience ends', async () => {
    const door = aDoor({ month: 6000n }, { waitMs: 300 });
    await door.reserve(new Asked(300));
    const grant = await door.reserve(new Asked(400));
    expect(grant.cut).toMatchObject({ maxTokens: 100 });
  });

  it('does not wait beyond its deadline', async () => {
    const door = aDoor({ month: 6000n }, { waitMs: 60_000, onShortfall: 'refuse' });
    await door.reserve(new Asked(300));
    const request = new Asked(400);
    Object.assign(request.call, { deadlineAt: Date.now() + 200 });
    expect(await timed(door.reserve(request))).toBeLessThan(2000);
  });

  it('is never cut where the tenant does not want that', async () => {
    const door = aDoor({ month: 4000n }, { onShortfall: 'refuse' });
    expect(await refusal(door.reserve(new Asked(1000)))).toBeInstanceOf(BudgetExceeded);
    expect((await door.reserve(new Asked(300))).cut).toBeUndefined();
  });

  it('is refused where less than 16 tokens are left', async () => {
    const door = aDoor({ month: costOf(15) });
    expect(await refusal(door.reserve(new Asked(1000)))).toBeInstanceOf(BudgetExceeded);
    const other = aDoor({ other: costOf(16) });
    expect((await other.reserve(new Asked(1000))).cut).toMatchObject({ maxTokens: 16 });
  });
});

describe('a call that does not say how long its answer may be', () => {
  it('is whole where the longest answer fits', async () => {
    const door = aDoor({ month: costOf(LONGEST_ANSWER) });
    expect((await door.reserve(new Asked(undefined))).cut).toBeUndefined();
  });

  it('else gets the tenant’s default', async () => {
    const door = aDoor({ month: costOf(LONGEST_ANSWER) - 1n }, { defaultMaxTokens: 2000 });
    expect((await door.reserve(new Asked(undefined))).cut).toMatchObject({ maxTokens: 2000 });
  });

  it('else what is there, at once, if that is worth having', async () => {
    const door = aDoor({ month: 10_000n }, { waitMs: 30_000 });
    await door.reserve(new Asked(500));
    const began = performance.now();
    expect((await door.reserve(new Asked(undefined))).cut).toMatchObject({ maxTokens: 300 });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('else waits until it is worth having, and takes all that has come back by then', async () => {
    const door = aDoor({ month: 10_000n }, { waitMs: 30_000 });
    const other = await door.reserve(new Asked(700));
    const waiting = door.reserve(new Asked(undefined));
    setTimeout(() => other.settle(1000n, 'exact'), 700);
    expect((await waiting).cut).toMatchObject({ maxTokens: 800 });
  });

  it('takes little when its patience ends', async () => {
    const door = aDoor({ month: 10_000n }, { waitMs: 800 });
    await door.reserve(new Asked(700));
    expect((await door.reserve(new Asked(undefined))).cut).toMatchObject({ maxTokens: 100 });
  });
});

describe('a refusal', () => {
  it('names the budget, what is left of it, what the call could have cost, and when the period ends', async () => {
    const budgets = [aBudget('wide'), aBudget('narrow', { teamId: TEAM_ID, period: 'DAY' })];
    const door = aDoor({ wide: 1_000_000n, narrow: 1100n }, {}, budgets);
    const refused = await refusal(door.reserve(new Asked(1000)));
    expect(refused).toBeInstanceOf(BudgetExceeded);
    expect(refused).toMatchObject({
      message: `the day budget of team Поиск has $${formatUsd(1100n)} left; this call could have cost $${formatUsd(costOf(1000))}; its period ends at 2100-01-01T00:00:00.000Z`,
      headers: {},
    });
  });

  it('says when to try again where calls under way hold what is left', async () => {
    const door = aDoor({ month: 6000n }, { onShortfall: 'refuse' });
    await door.reserve(new Asked(300));
    expect(await refusal(door.reserve(new Asked(400)))).toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringContaining('calls under way hold it'),
      headers: { 'retry-after': '1' },
    });
  });

  it('comes at once where nothing will come back', async () => {
    const door = aDoor({ month: 500n }, { waitMs: 30_000 });
    expect(await timed(door.reserve(new Asked(1000)))).toBeLessThan(2000);
  });

  it('is the caller’s own reason where it leaves while it waits, and nothing stays set aside', async () => {
    const door = aDoor({ month: 6000n }, { waitMs: 30_000 });
    const other = await door.reserve(new Asked(300));
    const abort = new AbortController();
    const waiting = refusal(door.reserve(new Asked(400, abort.signal)));
    const reason = new CallCancelled('the caller has left');
    abort.abort(reason);
    expect(await waiting).toBe(reason);
    expect(book.status.waiting).toBe(0);
    other.settle(0n, 'exact');
    expect((await door.reserve(new Asked(500))).cut).toBeUndefined();
  });
});

describe('while the budgets service is away', () => {
  it('calls go on inside what is lent, cut to it where need be, and are refused beyond', async () => {
    const door = aDoor({ month: 10_000n });
    (await door.reserve(new Asked(900))).settle(5000n, 'exact');
    const [before] = new LimitMatcher(book, () => aTenantView([aBudget('month')])).budgets(
      new Asked(1).call.caller,
      {},
    ).allowances;
    const available = before?.standing(Date.now())?.available ?? 0n;
    lender.away = true;
    expect(available).toBeGreaterThan(costOf(100));
    expect((await door.reserve(new Asked(50))).cut).toBeUndefined();
    expect((await door.reserve(new Asked(10_000))).cut?.worstCase).toBeLessThanOrEqual(available - costOf(50));
    expect(await refusal(door.reserve(new Asked(10_000)))).toBeInstanceOf(BudgetsUnavailable);
  });

  it('a call that no lease covers is refused as soon as its patience ends', async () => {
    const door = aDoor({ month: 10_000n });
    lender.away = true;
    const refused = await refusal(door.reserve(new Asked(100)));
    expect(refused).toBeInstanceOf(BudgetsUnavailable);
    expect(refused).toMatchObject({ message: expect.stringContaining('the month budget of tenant Ромашка') });
  });

  it('a call that no lease covers goes on once the service is back', async () => {
    const door = aDoor({ month: 10_000n }, { waitMs: 10_000 });
    lender.away = true;
    const waiting = door.reserve(new Asked(100));
    setTimeout(() => (lender.away = false), 200);
    expect(await waiting).toMatchObject({ cut: undefined, leases: '{1}' });
  });

  it('no call is refused where the tenant allows it', async () => {
    const door = aDoor({ month: 10_000n }, { onUnavailable: 'allow' });
    lender.away = true;
    expect(await door.reserve(new Asked(100_000))).toMatchObject({ leases: null, cut: undefined });
    expect(await door.reserve(new Asked(undefined))).toMatchObject({ leases: null, cut: undefined });
  });
});

it('a SOFT budget refuses nothing, cuts nothing, and counts', async () => {
  const door = aDoor({ month: 2000n }, {}, [aBudget('month', { mode: 'SOFT' })]);
  const leasesOfNext = async (): Promise<string | null> => {
    const grant = await door.reserve(new Asked(undefined));
    expect(grant.cut).toBeUndefined();
    grant.settle(1500n, 'exact');
    return grant.leases;
  };
  // Nobody waits for a lease: the ledger tells of calls that go on before there is one.
  expect(await leasesOfNext()).toBeNull();
  await expect.poll(leasesOfNext).toBe('{1}');
  expect(await leasesOfNext()).toBe('{1}');
  await expect.poll(() => lender.used('month')).toBe(3000n);
});

it('a SOFT budget that is spent does not cut what a HARD one has room for', async () => {
  const door = aDoor({ soft: 10n, hard: 4000n }, {}, [aBudget('soft', { mode: 'SOFT' }), aBudget('hard')]);
  expect((await door.reserve(new Asked(1000))).cut).toMatchObject({ maxTokens: 300 });
});

it('a moment that the budgets service takes for wrong is told as that', async () => {
  const door = aDoor({ month: 10_000n });
  lender.wrongTime = true;
  const refused = await refusal(door.reserve(new Asked(100)));
  expect(refused).toBeInstanceOf(BudgetsUnavailable);
  expect(refused).toMatchObject({ message: expect.stringContaining('clocks') });
});

it('many calls at once spend nearly all, and never more', async () => {
  const limit = 100_000n;
  const books = [book, lender.book('b'), lender.book('c')];
  const doors = books.map((of) => aDoor({}, { waitMs: 2000 }, [aBudget('month')], of));
  lender.set('month', limit);
  let spent = 0n;
  const call = async (index: number): Promise<void> => {
    const door = doors[index % doors.length] ?? doors[0];
    const grant = await door?.reserve(new Asked(100 + ((index * 37) % 400)));
    if (!grant) return;
    await new Promise((resolve) => setTimeout(resolve, (index * 13) % 40));
    const cost = 1000n + BigInt((index * 71) % 900);
    spent += cost;
    grant.settle(cost, 'exact');
  };
  const refused = (await Promise.allSettled(Array.from({ length: 150 }, (_, index) => call(index)))).filter(
    ({ status }) => status === 'rejected',
  );
  expect(refused.length).toBeGreaterThan(0);
  expect(spent).toBeLessThanOrEqual(limit);
  expect(spent).toBeGreaterThan((limit * 95n) / 100n);
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaseStore } from '../test/lease-store.js';
import { randomNumbers } from '../test/random-numbers.js';
import { LeaseBook, type LeaseBookOptions } from './lease-book.js';
import type { LeaseTerms } from './lease-terms.js';
import { Shortfall } from './shortfall.js';
import type { Exchange, ExchangeRequest } from './wire.js';

const HOLDER = '00000000-0000-4000-8000-00000000000a';

let store: LeaseStore;
let requests: ExchangeRequest[];
let answering: Exchange;
let book: LeaseBook;
let troubles: unknown[];

beforeEach(() => {
  store = new LeaseStore(Date.now);
  store.setLimit('month', 'pico-dollars', 1000n);
  requests = [];
  troubles = [];
  answering = (request) => Promise.resolve(store.exchange(request));
  book = open();
});

afterEach(() => book.close());

describe('a call that must borrow first', () => {
  it('waits for one exchange, together with all that came with it', async () => {
    const limit = book.allowance(terms());
    const taken = await Promise.all([1, 2, 3].map(() => book.take([limit], Date.now(), 100n, patience())));
    expect(taken.map(({ leases }) => leases)).toEqual(['{1}', '{1}', '{1}']);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.leases[0]).toMatchObject({ need: 300n });
    expect(book.status).toMatchObject({ allowances: 1, waiting: 0, exchangesDone: 1, away: false });
  });

  it('does not wait where there is room', async () => {
    const limit = book.allowance(terms());
    (await book.take([limit], Date.now(), 100n, patience())).settle(10n, 0n);
    await book.take([limit], Date.now(), 100n, patience());
    expect(requests).toHaveLength(1);
  });

  it('is served by what another gives back', async () => {
    const limit = book.allowance(terms());
    const first = await book.take([limit], Date.now(), 900n, patience());
    const second = book.take([limit], Date.now(), 900n, patience());
    await vi.waitFor(() => expect(book.status.waiting).toBe(1));
    first.settle(50n, 0n);
    expect((await second).leases).toBe('{1}');
  });

  it('is refused when its patience ends, and at once where it has none', async () => {
    const limit = book.allowance(terms());
    await book.take([limit], Date.now(), 900n, patience());
    for (const milliseconds of [50, -1]) {
      const refusal = await book
        .take([limit], Date.now(), 500n, patience(milliseconds))
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Shortfall);
      expect(refusal).toMatchObject({ reason: 'reserved', needed: 500n, allowance: limit });
    }
    expect(book.status.waiting).toBe(0);
  });

  it('leaves when its caller does', async () => {
    const limit = book.allowance(terms());
    await book.take([limit], Date.now(), 900n, patience());
    const caller = new AbortController();
    const waiting = book.take([limit], Date.now(), 500n, { ...patience(), signal: caller.signal });
    caller.abort(new Error('ушёл'));
    await expect(waiting).rejects.toThrow('ушёл');
    await expect(book.take([limit], Date.now(), 1n, { ...patience(), signal: caller.signal })).rejects.toThrow('ушёл');
    expect(book.status.waiting).toBe(0);
  });
});

describe('the exchange with the service', () => {
  it('is one at a time, numbered, and begins anew right after the one before', async () => {
    let answer: () => void = () => undefined;
    answering = (request) => new Promise((resolve) => (answer = () => resolve(store.exchange(request))));
    const limit = book.allowance(terms());
    const first = book.take([limit], Date.now(), 100n, patience());
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const second = book.take([limit], Date.now(), 500n, patience());
    await new Promise(setImmediate);
    expect(requests).toHaveLength(1);
    answer();
    await first;
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    answer();
    await second;
    expect(requests.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('that is never answered is given up, and made again', async () => {
    answering = () => new Promise(() => undefined);
    const limit = book.allowance(terms());
    const taken = book.take([limit], Date.now(), 100n, patience());
    await vi.waitFor(() => expect(book.status.away).toBe(true));
    expect(book.status.awaySince).toBeLessThanOrEqual(Date.now());
    answering = (request) => Promise.resolve(store.exchange(request));
    expect((await taken).leases).toBe('{1}');
    expect(book.status).toMatchObject({ away: false, awaySince: undefined });
    expect(troubles[0]).toMatchObject({ name: 'TimeoutError' });
  });

  it('tells of what was spent within a while, and then falls silent', async () => {
    const limit = book.allowance(terms());
    (await book.take([limit], Date.now(), 100n, patience())).settle(30n, 5n);
    await vi.waitFor(() =>
      expect(store.leases.get('1')?.lease).toMatchObject({ spent: 30n, unconfirmed: 5n, granted: 35n }),
    );
    const told = requests.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(requests.length - told).toBeLessThanOrEqual(1);
  });

  it('that fails is told as trouble, and the call is refused when its patience ends', async () => {
    answering = () => Promise.reject(new Error('no service'));
    const waiting = book.take([book.allowance(terms())], Date.now(), 1n, patience(200));
    await expect(waiting).rejects.toMatchObject({ reason: 'away' });
    expect(troubles.length).toBeGreaterThan(1);
    expect(book.status.exchangesFailed).toBe(troubles.length);
  });
});

it('four books spend a limit nearly to the end, and never beyond it', async () => {
  const limit = 1_000_000n;
  store.setLimit('shared', 'pico-dollars', limit);
  const random = randomNumbers(7);
  const books = [1, 2, 3, 4].map((index) => open({ holder: `book ${index}` }));
  let spent = 0n;
  const caller = async (own: LeaseBook): Promise<void> => {
    const allowances = [own.allowance(terms({ budgetId: 'shared' }))];
    for (;;) {
      const worst = BigInt(1 + Math.floor(random() * 2000));
      const taken = await own.take(allowances, Date.now(), worst, patience(10_000));
      await new Promise((resolve) => setTimeout(resolve, random() * 4));
      const cost = (worst * BigInt(Math.floor(random() * 100))) / 100n;
      taken.settle(cost, 0n);
      spent += cost;
    }
  };
  const callers = books.flatMap((own) => Array.from({ length: 50 }, () => caller(own)));
  const ends = await Promise.allSettled(callers);
  for (const own of books) await own.close();
  expect(ends.map((end) => end.status === 'rejected' && (end.reason as Shortfall).reason)).toEqual(
    ends.map(() => 'spent'),
  );
  expect(spent).toBeLessThanOrEqual(limit);
  expect(Number(spent) / Number(limit)).toBeGreaterThan(0.97);
});

it('a limit that is forgotten refuses nobody any more', async () => {
  const limit = book.allowance(terms());
  await book.take([limit], Date.now(), 900n, patience());
  const waiting = book.take([limit], Date.now(), 500n, patience());
  book.forget('month');
  expect((await waiting).leases).toBeNull();
});

it('new terms hold at once, also for calls that wait', async () => {
  const limit = book.allowance(terms());
  await book.take([limit], Date.now(), 900n, patience());
  const waiting = book.take([limit], Date.now(), 500n, patience());
  expect(book.allowance(terms({ hard: false }))).toBe(limit);
  expect((await waiting).leases).toBe('{1}');
});

describe('a book that is closed', () => {
  it('has given back all that is idle, and refuses those that wait', async () => {
    const limit = book.allowance(terms());
    const held = await book.take([limit], Date.now(), 600n, patience());
    (await book.take([limit], Date.now(), 300n, patience())).settle(7n, 0n);
    const waiting = book.take([limit], Date.now(), 800n, patience()).catch((error: unknown) => error);
    await Promise.all([book.close(), book.close()]);
    expect(await waiting).toBeInstanceOf(Shortfall);
    expect(store.leases.get('1')?.lease).toMatchObject({ granted: 607n, spent: 7n, held: 600n });
    expect(book.tryTake([limit], Date.now(), 1n)).toBeUndefined();
    await expect(book.take([limit], Date.now(), 1n, patience())).rejects.toBeInstanceOf(Shortfall);
    held.settle(0n, 0n);
  });

  it('is closed also where the service does not answer, or never has enough', async () => {
    const limit = book.allowance(terms());
    await book.take([limit], Date.now(), 600n, patience());
    answering = ({ leases }) => Promise.resolve({ leases: leases.map(() => ({ state: 'stale' as const })) });
    await book.close();
    expect(requests.length).toBeGreaterThan(1);
  });
});

it('an allowance of another making is not taken for one of a book', () => {
  const foreign = { terms: terms(), standing: () => undefined };
  expect(() => book.tryTake([foreign], Date.now(), 1n)).toThrow(TypeError);
});

function open(options: Partial<LeaseBookOptions> = {}): LeaseBook {
  return new LeaseBook({
    holder: HOLDER,
    exchange: (request, signal) => {
      requests.push(request);
      return answering(request, signal);
    },
    onTrouble: (error) => troubles.push(error),
    requestTimeoutMs: 100,
    renewEveryMs: 40,
    shortEveryMs: 10,
    idleMs: 60,
    ...options,
  });
}

function terms(fields: Partial<LeaseTerms> = {}): LeaseTerms {
  return { tenantId: HOLDER, budgetId: 'month', unit: 'pico-dollars', hard: true, whenAway: 'deny', ...fields };
}

function patience(milliseconds = 5000) {
  return { until: performance.now() + milliseconds, signal: new AbortController().signal };
}

import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { LeaseBook, lend, type Exchange, type LeaseRequest } from '@parsimony/leases';
import { percentile } from '../statistics/percentile.js';

export interface HotPathRun {
  /** Of each take and settle, in microseconds. */
  readonly microseconds: readonly number[];
  /** Calls that had to wait for an exchange; they are not among those. */
  readonly waited: number;
}

const NESTED = 4;
const LIMIT = 10n ** 24n;
const RESERVED = 3_000_000_000n;
const SPENT = 700_000_000n;
const BATCH = 500;
const PATIENCE_MS = 10_000;
const LASTS_MS = 60_000;

/** Takes from four allowances and settles, so many times, in a book whose service is a function of this process. */
export async function runHotPath(times: number, signal: AbortSignal): Promise<HotPathRun> {
  // A book does not keep a process alive; in a gateway the server does.
  using _ = aliveMeanwhile();
  await using book = new LeaseBook({
    holder: randomUUID(),
    exchange: exchangeInMemory(),
    onTrouble: (error) => {
      throw error;
    },
  });
  const tenantId = randomUUID();
  const allowances = Array.from({ length: NESTED }, () =>
    book.allowance({ tenantId, budgetId: randomUUID(), unit: 'pico-dollars', hard: true, whenAway: 'deny' }),
  );
  const microseconds: number[] = [];
  let waited = 0;
  while (microseconds.length < times) {
    signal.throwIfAborted();
    for (let index = 0; index < BATCH; index++) {
      const startedAt = performance.now();
      const taken = book.tryTake(allowances, Date.now(), RESERVED);
      taken?.settle(SPENT, 0n);
      if (taken) microseconds.push((performance.now() - startedAt) * 1000);
      else {
        waited++;
        const until = performance.now() + PATIENCE_MS;
        (await book.take(allowances, Date.now(), RESERVED, { until, signal })).settle(SPENT, 0n);
      }
    }
    // Renewals are due as in a gateway between two calls.
    await turn();
  }
  return { microseconds, waited };
}

export function hotPathLine({ microseconds, waited }: HotPathRun): string {
  const at = (part: number): string => `${percentile(microseconds, part).toFixed(2)} µs`;
  return (
    `take and settle in ${NESTED} nested budgets, ${microseconds.length} times: p50 ${at(0.5)}, p99 ${at(0.99)}, ` +
    `longest ${at(1)}; ${waited} waited for a lease`
  );
}

function aliveMeanwhile(): Disposable {
  const timer = setInterval(() => undefined, PATIENCE_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** What the budgets service does, without HTTP and without a database. */
function exchangeInMemory(): Exchange {
  const granted = new Map<string, bigint>();
  const lendTo = (request: LeaseRequest) => {
    const former = granted.get(request.budgetId);
    const account = { limit: LIMIT, base: 0n, grantedToOthers: 0n, otherHolders: 0 };
    const loan = lend(account, former === undefined ? undefined : { granted: former }, request);
    granted.set(request.budgetId, loan.granted);
    return {
      state: 'lent' as const,
      leaseId: String([...granted.keys()].indexOf(request.budgetId) + 1),
      ...{ periodStart: 0, periodEnd: null, granted: loan.granted, limit: LIMIT, short: loan.short },
      remaining: LIMIT - request.spent - request.unconfirmed,
      unlent: loan.unlent,
      lastsMs: LASTS_MS,
    };
  };
  return async ({ leases }) => ({ leases: leases.map(lendTo) });
}

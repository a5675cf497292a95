import { lend, LeaseBook, type Exchange, type ExchangeAnswer, type LeaseRequest } from '@parsimony/leases';

interface Lease {
  readonly id: string;
  granted: bigint;
  spent: bigint;
  unconfirmed: bigint;
}

interface Account {
  readonly limit: bigint;
  readonly leases: Map<string, Lease>;
  /** Until then somebody lacks what it needs. */
  shortUntil: number;
}

const SHORT_MS = 2000;

/** Lends by the rules of the budgets service, in memory, and can be away. */
export class Lender implements AsyncDisposable {
  away = false;
  /** Whether every moment that it is asked about is told to be wrong. */
  wrongTime = false;
  readonly #accounts = new Map<string, Account>();
  readonly #books: LeaseBook[] = [];
  #leases = 0;

  /** @param periodEnd of all accounts; null: none. */
  constructor(private readonly periodEnd: number | null = null) {}

  set(budgetId: string, limit: bigint): void {
    this.#accounts.set(budgetId, { limit, leases: new Map(), shortUntil: -Infinity });
  }

  /** Spent and unconfirmed, as all books have told. */
  used(budgetId: string): bigint {
    const leases = [...(this.#accounts.get(budgetId)?.leases.values() ?? [])];
    return leases.reduce((sum, { spent, unconfirmed }) => sum + spent + unconfirmed, 0n);
  }

  /** One gateway's leases. */
  book(holder: string): LeaseBook {
    const book = new LeaseBook({
      holder,
      exchange: this.#exchange,
      onTrouble: () => undefined,
      renewEveryMs: 50,
      shortEveryMs: 10,
    });
    this.#books.push(book);
    return book;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.away = false;
    for (const book of this.#books) await book.close();
  }

  readonly #exchange: Exchange = ({ holder, leases }) => {
    if (this.away) return Promise.reject(new Error('the budgets service is away'));
    return Promise.resolve({ leases: leases.map((request) => this.#answer(holder, request)) });
  };

  #answer(holder: string, request: LeaseRequest): ExchangeAnswer['leases'][number] {
    const account = this.#accounts.get(request.budgetId);
    if (!account) return { state: 'gone' };
    if (this.wrongTime) return { state: 'wrong-time', now: Date.now() };
    const others = [...account.leases].filter(([other]) => other !== holder).map(([, lease]) => lease);
    const grantedToOthers = others.reduce((sum, { granted }) => sum + granted, 0n);
    const former = account.leases.get(holder);
    const { limit } = account;
    const loan = lend({ limit, base: 0n, grantedToOthers, otherHolders: others.length }, former, request);
    const lease = former ?? { id: String(++this.#leases), granted: 0n, spent: 0n, unconfirmed: 0n };
    const { spent, unconfirmed } = request;
    account.leases.set(holder, Object.assign(lease, { granted: loan.granted, spent, unconfirmed }));
    if (loan.short && others.length > 0) account.shortUntil = performance.now() + SHORT_MS;
    const remaining = limit - this.used(request.budgetId);
    return {
      state: 'lent',
      leaseId: lease.id,
      periodStart: 0,
      periodEnd: this.periodEnd,
      granted: loan.granted,
      limit,
      remaining: remaining > 0n ? remaining : 0n,
      unlent: loan.unlent,
      short: performance.now() < account.shortUntil,
      lastsMs: 60_000,
    };
  }
}

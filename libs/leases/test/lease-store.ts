import { lend } from '../src/lend.js';
import type { LeaseUnit } from '../src/lease-unit.js';
import type { ExchangeAnswer, ExchangeRequest, LeaseAnswer, LeaseRequest } from '../src/wire.js';

export interface StoredLimit {
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  amount: bigint;
  /** Null: one period without an end. */
  readonly periodMs: number | null;
}

export interface StoredLease {
  readonly id: string;
  readonly holder: string;
  granted: bigint;
  spent: bigint;
  held: bigint;
  unconfirmed: bigint;
  sequence: number;
  expiresAt: number;
  closed: boolean;
}

export interface StoredAccount {
  readonly limit: StoredLimit;
  readonly start: number;
  readonly end: number | null;
  readonly base: bigint;
  readonly leases: Map<string, StoredLease>;
  shortUntil: number;
}

/** Lends by the rules of the budgets service, in memory. */
export class LeaseStore {
  readonly limits = new Map<string, StoredLimit>();
  readonly accounts = new Map<string, StoredAccount>();
  readonly leases = new Map<string, { lease: StoredLease; account: StoredAccount }>();
  readonly closedJournals = new Set<string>();
  overdrafts = 0;

  constructor(
    readonly now: () => number,
    readonly lastsMs = 60_000,
    /** A period may still be asked about for so long after its end. */
    readonly lateMs = 15 * 60_000,
  ) {}

  setLimit(budgetId: string, unit: LeaseUnit, amount: bigint, periodMs: number | null = null): StoredLimit {
    const limit = this.limits.get(budgetId) ?? { budgetId, unit, amount, periodMs };
    limit.amount = amount;
    this.limits.set(budgetId, limit);
    return limit;
  }

  /** What an account has lent in all. */
  lent(account: StoredAccount): bigint {
    let sum = account.base;
    for (const lease of account.leases.values()) sum += lease.granted;
    return sum;
  }

  exchange({ holder, sequence, leases }: ExchangeRequest): ExchangeAnswer {
    return { leases: leases.map((request) => this.#answer(holder, sequence, request)) };
  }

  /** The journal of a process that is no more tells what it spent. */
  close(holder: string, told: (leaseId: string) => { spent: bigint; unconfirmed: bigint }): void {
    this.closedJournals.add(holder);
    for (const { lease } of this.leases.values()) {
      if (lease.holder !== holder || lease.closed) continue;
      const { spent, unconfirmed } = told(lease.id);
      Object.assign(lease, { spent, unconfirmed, held: 0n, granted: spent + unconfirmed, closed: true });
    }
  }

  #answer(holder: string, sequence: number, request: LeaseRequest): LeaseAnswer {
    const now = this.now();
    const limit = this.limits.get(request.budgetId);
    if (limit?.unit !== request.unit) return { state: 'gone' };
    if (this.closedJournals.has(holder)) return { state: 'stale' };
    const account = this.#account(limit, request.at, now);
    if (account === undefined) return { state: 'wrong-time', now };
    const former = account.leases.get(holder);
    if (former !== undefined && sequence <= former.sequence) return { state: 'stale' };
    const others = [...account.leases.values()].filter((lease) => lease !== former);
    const loan = lend(
      {
        limit: limit.amount,
        base: account.base,
        grantedToOthers: others.reduce((sum, { granted }) => sum + granted, 0n),
        otherHolders: others.filter(({ closed, expiresAt }) => !closed && expiresAt > now).length,
      },
      former,
      request,
    );
    const lease = former ?? this.#open(account, holder);
    const { spent, held, unconfirmed } = request;
    Object.assign(lease, { granted: loan.granted, spent, held, unconfirmed, sequence, expiresAt: now + this.lastsMs });
    if (loan.overdraft > 0n) this.overdrafts += 1;
    const isShort = account.shortUntil > now;
    if (loan.short) account.shortUntil = now + 2000;
    return {
      state: 'lent',
      leaseId: lease.id,
      periodStart: account.start,
      periodEnd: account.end,
      granted: loan.granted,
      limit: limit.amount,
      remaining: this.#remaining(account, now),
      unlent: loan.unlent,
      short: isShort || loan.short,
      lastsMs: this.lastsMs,
    };
  }

  #account(limit: StoredLimit, at: number, now: number): StoredAccount | undefined {
    const start = limit.periodMs === null ? 0 : Math.floor(at / limit.periodMs) * limit.periodMs;
    const end = limit.periodMs === null ? null : start + limit.periodMs;
    if (end !== null && now - end > this.lateMs) return undefined;
    if (at > now + 60_000 || start > now + 60_000) return undefined;
    const name = `${limit.budgetId} ${start}`;
    let account = this.accounts.get(name);
    if (account === undefined) {
      account = { limit, start, end, base: 0n, leases: new Map(), shortUntil: 0 };
      this.accounts.set(name, account);
    }
    return account;
  }

  #open(account: StoredAccount, holder: string): StoredLease {
    const id = String(this.leases.size + 1);
    const nothing = { granted: 0n, spent: 0n, held: 0n, unconfirmed: 0n };
    const lease = { id, holder, ...nothing, sequence: 0, expiresAt: 0, closed: false };
    account.leases.set(holder, lease);
    this.leases.set(id, { lease, account });
    return lease;
  }

  #remaining({ limit, base, leases }: StoredAccount, now: number): bigint {
    let remaining = limit.amount - base;
    for (const { closed, expiresAt, granted, spent, unconfirmed } of leases.values()) {
      remaining -= closed || expiresAt > now ? spent + unconfirmed : granted;
    }
    return remaining > 0n ? remaining : 0n;
  }
}

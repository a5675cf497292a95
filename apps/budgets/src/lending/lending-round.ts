import { effectiveLimit, type AccountUse } from '@parsimony/budgets';
import { lend, type LeaseRequest, type Loan } from '@parsimony/leases';
import { committed, type Account } from './account.js';
import type { AccountsByLimit } from './accounts-by-limit.js';
import { limitKey, type Limit } from './limit.js';
import { isTimely } from './period-rules.js';
import { isOpen, type UnendedCredit } from './read-credits.js';

/** How long others give back what they can spare, when somebody could not borrow what it needs. */
const SHORT_MS = 2_000;

/** All that one exchange is decided by, read under the limits' locks. */
export interface LendingState {
  readonly sequence: number;
  readonly now: number;
  /** By `limitKey`. */
  readonly limits: ReadonlyMap<string, Limit>;
  /** Changed by the round. */
  readonly accounts: AccountsByLimit;
  readonly credits: readonly UnendedCredit[];
}

/** What becomes of one lease, to be written down. */
export interface LentLease {
  readonly account: Account;
  readonly request: LeaseRequest;
  readonly loan: Loan;
  /** Of the account: credits included. */
  readonly limit: bigint;
  readonly remaining: bigint;
  readonly hard: boolean;
  /** The limit is no more; what was spent under it is taken in all the same. */
  readonly deleted: boolean;
  /** Somebody could not borrow what it needed. */
  readonly short: boolean;
  /** That is true since this exchange, or still. */
  readonly shortUntil: number;
}

export type Decision = LentLease | { readonly refused: 'gone' | 'wrong-time' | 'stale' };

/** Decides on the leases of one exchange, one after the other: each one sees what those before it were lent. */
export class LendingRound {
  /** Those that still pay, by the `limitKey` of their budgets. */
  readonly #credits: ReadonlyMap<string, readonly UnendedCredit[]>;

  constructor(private readonly state: LendingState) {
    const open = state.credits.filter((credit) => isOpen(credit, state.now));
    this.#credits = Map.groupBy(open, ({ tenantId, budgetId: id }) => limitKey({ tenantId, id, unit: 'pico-dollars' }));
  }

  decide(request: LeaseRequest): Decision {
    const { limits, accounts, now, sequence } = this.state;
    const limit = limits.get(limitKey({ ...request, id: request.budgetId }));
    if (!limit) return { refused: 'gone' };
    const account = accounts.at(limit, request.at);
    const period = account && { start: account.periodStart, end: account.periodEnd };
    if (!account?.own && limit.amount === null) return { refused: 'gone' };
    if (!account || !period) return { refused: 'wrong-time' };
    // Who has a lease is heard however late it is: calls may be under way.
    if (!account.own && !isTimely(account.unit, period, now)) return { refused: 'wrong-time' };
    if (account.own && sequence <= account.own.sequence) return { refused: 'stale' };
    return this.#lend(limit, account, request);
  }

  #lend(limit: Limit, account: Account, told: LeaseRequest): LentLease {
    const { accounts, now, sequence } = this.state;
    const wasShort = account.shortUntil > now;
    const spent = account.own && account.own.spent > told.spent ? account.own.spent : told.spent;
    // While somebody is short, nobody gets more than it needs.
    const request = { ...told, spent, want: wasShort ? told.need : told.want };
    const effective = limit.amount === null ? 0n : this.#limitOf(limit, account, limit.amount);
    const loan = lend({ ...account, limit: effective }, account.own ?? undefined, request);
    const isShort = loan.short && account.otherHolders > 0;
    const shortUntil = isShort ? now + SHORT_MS : account.shortUntil;
    const left = effective - account.base - account.takenByOthers - spent - told.unconfirmed;
    accounts.put({ ...account, shortUntil, own: { granted: loan.granted, spent, sequence } });
    return {
      ...{ account, request, loan, limit: effective, shortUntil, hard: limit.hard, deleted: limit.amount === null },
      remaining: left > 0n ? left : 0n,
      short: shortUntil > now,
    };
  }

  #limitOf(limit: Limit, account: Account, amount: bigint): bigint {
    const credits = this.#credits.get(limitKey(limit));
    if (!credits) return amount + account.credited;
    const others = this.state.accounts.of(limit).filter(({ id }) => id !== account.id);
    return effectiveLimit(amount, account, others.map(toUse), credits);
  }
}

export function toUse(account: Account): AccountUse {
  const { id, periodStart, credited } = account;
  return { id, periodStart, credited, committed: committed(account) };
}

import { formatUsd } from '@parsimony/contract';
import type { ExchangeAnswer, ExchangeRequest, LeaseAnswer } from '@parsimony/leases';
import { throughDatabase } from '@parsimony/persistence';
import type pg from 'pg';
import type { Clock } from '../database/clock.js';
import { recordEvents, type BudgetEvent } from '../database/record-events.js';
import { inTransaction } from '../database/transaction.js';
import { AccountsByLimit } from './accounts-by-limit.js';
import { LendingRound, type Decision, type LentLease } from './lending-round.js';
import { limitKey } from './limit.js';
import { lockLimits } from './read-limits.js';
import { openAccounts, unmet } from './open-accounts.js';
import { readAccounts } from './read-accounts.js';
import { readCredits } from './read-credits.js';
import { writeLeases } from './write-leases.js';

/** What an exchange came to, for metrics. */
export interface ExchangeObserver {
  decided(decisions: readonly Decision[]): void;
}

/** Lends over PostgreSQL. Any number of instances may lend under the same limits. */
export class LendingStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    /** How long a lease lasts unless it is renewed. */
    private readonly leaseMs: number,
    private readonly observer: ExchangeObserver,
  ) {}

  /**
   * One transaction, of as many statements for ten thousand leases as for one.
   *
   * @throws DatabaseUnavailable where the database is away; the exchange may have been heeded all the same.
   */
  async exchange(request: ExchangeRequest): Promise<ExchangeAnswer> {
    if (request.leases.length === 0) return { leases: [] };
    return throughDatabase(async () => {
      const lent = await inTransaction(this.pool, (client) => this.#lend(client, request));
      this.observer.decided(lent.decisions);
      return { leases: lent.decisions.map((decision) => this.#answer(decision, lent)) };
    });
  }

  async #lend(client: pg.ClientBase, { holder, sequence, leases }: ExchangeRequest): Promise<Lent> {
    const limits = await lockLimits(client, leases);
    const { now, accounts: known } = await readAccounts(client, [...limits.values()], holder, this.clock());
    const demands = leases.flatMap((lease) => {
      const limit = limits.get(limitKey({ ...lease, id: lease.budgetId }));
      return limit && limit.amount !== null ? [{ limit, at: lease.at }] : [];
    });
    const accounts = new AccountsByLimit(known);
    const opened = await openAccounts(client, unmet(demands, accounts, now), now);
    for (const account of opened) accounts.put(account);
    const budgets = [...limits.values()].filter(({ unit }) => unit === 'pico-dollars');
    const credits = await readCredits(client, budgets);
    const round = new LendingRound({ sequence, now, limits, credits, accounts });
    const decisions = leases.map((lease) => round.decide(lease));
    const lent = decisions.filter((decision) => 'loan' in decision);
    const expiresAt = new Date(now + this.leaseMs);
    const ids = await writeLeases(client, holder, sequence, lent, { now, expiresAt });
    await recordEvents(client, lent.filter(isOverdraft).map(overdraftEvent), new Date(now));
    return { decisions, ids, now };
  }

  #answer(decision: Decision, { ids, now }: Lent): LeaseAnswer {
    if ('refused' in decision) {
      return decision.refused === 'wrong-time' ? { state: 'wrong-time', now } : { state: decision.refused };
    }
    const { account, loan, limit, remaining, short, deleted } = decision;
    const leaseId = ids.get(account.id);
    if (deleted || leaseId === undefined) return { state: 'gone' };
    const { periodStart, periodEnd } = account;
    const { granted, unlent } = loan;
    const amounts = { granted, limit, remaining, unlent };
    return { state: 'lent', leaseId, periodStart, periodEnd, ...amounts, short, lastsMs: this.leaseMs };
  }
}

interface Lent {
  readonly decisions: readonly Decision[];
  /** Of the leases, by account id. */
  readonly ids: ReadonlyMap<string, string>;
  readonly now: number;
}

/** Whether more was spent than was lent, under a budget that lets nobody do so. */
function isOverdraft({ account, loan, hard, deleted }: LentLease): boolean {
  return loan.overdraft > 0n && hard && !deleted && account.unit === 'pico-dollars';
}

function overdraftEvent({ account, loan, limit }: LentLease): BudgetEvent {
  const { tenantId, budgetId, id } = account;
  const detail = { accountId: id, amountUsd: formatUsd(loan.overdraft), limitUsd: formatUsd(limit) };
  return { tenantId, budgetId, kind: 'overdraft', detail };
}

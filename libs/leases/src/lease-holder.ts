import type { Allowance } from './allowance.js';
import { Charge, Hold } from './charge.js';
import { HeldLimit, type Line } from './held-limit.js';
import type { Draft, LeaseHolderOptions, Waiter } from './lease-holder-types.js';
import type { LeaseTerms } from './lease-terms.js';
import { Shortfall } from './shortfall.js';
import type { Taken } from './taken.js';
import type { ExchangeAnswer } from './wire.js';

const MOST_LINES = 1000;

/**
 * The holder's side of the lease protocol, without timers and without a network: what it does depends on nothing but what
 * it is told, so that a test can drive it through millions of steps.
 */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  readonly #limits = new Map<string, HeldLimit>();
  readonly #active = new Set<HeldLimit>();
  readonly #waiters = new Set<Waiter>();
  readonly #uncharged = new Charge();
  #sequence = 0;
  #failures = 0;
  #failedAt = -Infinity;
  #awaySince: number | undefined;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#limits.size;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** By the wall clock, since when the budgets service does not answer. */
  get awaySince(): number | undefined {
    return this.#awaySince;
  }

  limit(terms: LeaseTerms): HeldLimit {
    const name = nameOf(terms);
    const known = this.#limits.get(name);
    if (known !== undefined) {
      known.renew(terms);
      this.settled();
      return known;
    }
    const limit = new HeldLimit(terms, this.#options.clocks, this.#options.timing);
    this.#limits.set(name, limit);
    return limit;
  }

  /** The limit is no more: gives back what is idle of it, and refuses nothing. */
  forget(budgetId: string): void {
    for (const limit of this.#limits.values()) {
      if (limit.terms.budgetId !== budgetId) continue;
      limit.gone = true;
      limit.goneAt = Infinity;
      this.#close(limit);
    }
    this.serve();
  }

  /** Gives back what is idle, and borrows nothing more. Calls that wait are served from what is there, or refused. */
  close(): void {
    this.serve();
    for (const waiter of this.#waiters) {
      const shortfall = this.lack(waiter);
      if (shortfall !== undefined) waiter.reject(shortfall);
    }
    this.#waiters.clear();
    for (const limit of this.#limits.values()) this.#close(limit);
  }

  /**
   * Takes the amount from all of them, or nothing.
   *
   * @returns undefined where a limit that refuses has not lent so much.
   * @throws RangeError where the amount is negative; TypeError where an allowance is not of this holder's making.
   */
  tryTake(allowances: readonly Allowance[], at: number, amount: bigint): Taken | undefined {
    if (amount < 0n) throw new RangeError('an amount that is taken cannot be negative');
    const now = this.#options.clocks.steady();
    let charge = this.#uncharged;
    let isWhole = true;
    for (const allowance of allowances) {
      const limit = own(allowance);
      const lease = limit.gone ? undefined : limit.leaseAt(at);
      if (lease?.covers(amount, now) !== true) {
        if (limit.refuses(this.#awaySince !== undefined)) return undefined;
        isWhole = false;
      }
      limit.demand.ask(amount);
      if (lease !== undefined) charge = charge.with(lease);
      if (!limit.active) this.#activate(limit);
    }
    if (!isWhole) this.#overrun(allowances, at, amount, now);
    for (const lease of charge.leases) lease.take(amount, now);
    return new Hold(charge, amount, this);
  }

  /**
   * Takes at once, or finds that it is of no use to wait, or waits.
   *
   * @returns whether the call waits; `leave` ends that.
   */
  join(waiter: Waiter): boolean {
    if (this.#serve(waiter)) return false;
    this.#waiters.add(waiter);
    this.#await(waiter, true);
    return true;
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Serves calls that wait, in the order in which they came. A small one may pass a large one. */
  serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#serve(waiter)) this.#waiters.delete(waiter);
    }
  }

  /** Why a call that waited in vain could not take; undefined where it could. */
  lack({ allowances, at, amount }: Waiter): Shortfall | undefined {
    const now = this.#options.clocks.steady();
    const away = this.#awaySince !== undefined;
    for (const allowance of allowances) {
      const limit = own(allowance);
      if (!limit.refuses(away) || limit.leaseAt(at)?.covers(amount, now) === true) continue;
      return new Shortfall(limit, amount, limit.lack(at, amount, now, away));
    }
    return undefined;
  }

  /** Calls that wait may be served: a hold was settled, or a limit has other terms. */
  settled(): void {
    if (this.#waiters.size > 0) this.#options.onSettled();
  }

  /** Milliseconds until the next request is due; infinite: until a call comes. */
  dueIn(): number {
    const { clocks, timing } = this.#options;
    const now = clocks.steady();
    const wall = clocks.wall();
    let due = Infinity;
    for (const limit of this.#active) {
      limit.tend(now, wall);
      if (limit.isQuiet(now, wall)) this.#rest(limit);
      else due = Math.min(due, limit.dueIn(now, wall));
    }
    if (this.#active.size === 0) return Infinity;
    const backOff = this.#failures === 0 ? 0 : Math.min(timing.renewEveryMs, timing.shortEveryMs * 2 ** this.#failures);
    // Calls change leases without a word: at least so often they are looked at.
    return Math.max(0, Math.min(due, timing.renewEveryMs), backOff - (now - this.#failedAt));
  }

  /**
   * What is due, as one request. All that it claims is binding from here on.
   *
   * @param all not only what is due: whatever can be told.
   */
  draft(all = false): Draft | undefined {
    const { holder, clocks } = this.#options;
    const now = clocks.steady();
    const wall = clocks.wall();
    this.#tally();
    const lines: Line[] = [];
    for (const limit of this.#active) {
      limit.tend(now, wall);
      lines.push(...limit.lines(now, wall, all));
      if (lines.length >= MOST_LINES) break;
    }
    if (lines.length === 0) return undefined;
    this.#sequence += 1;
    const leases = lines.map(({ request }) => request);
    return { request: { holder, sequence: this.#sequence, leases }, lines, sentAt: now };
  }

  /** @throws Error where it is not an answer to the request. */
  heed({ lines, sentAt }: Draft, { leases }: ExchangeAnswer): void {
    if (leases.length !== lines.length) throw new Error('the budgets service did not answer for each lease');
    const now = this.#options.clocks.steady();
    this.#failures = 0;
    this.#awaySince = undefined;
    for (const [index, line] of lines.entries()) {
      const answer = leases[index];
      if (answer === undefined) continue;
      try {
        line.limit.heed(line, answer, sentAt, now);
      } catch (error) {
        this.#options.onTrouble(error);
      }
    }
    this.serve();
  }

  /** The request was not answered: it may have been heeded all the same. */
  lost({ lines }: Draft): void {
    const { clocks } = this.#options;
    for (const line of lines) line.limit.missed(line);
    this.#failures += 1;
    this.#failedAt = clocks.steady();
    // One may be lost on the way; to take that for an outage would let calls pass that a limit refuses.
    if (this.#failures > 1) this.#awaySince ??= clocks.wall();
    this.serve();
  }

  #serve(waiter: Waiter): boolean {
    const { allowances, at, amount } = waiter;
    const taken = this.tryTake(allowances, at, amount);
    if (taken !== undefined) {
      waiter.resolve(taken);
      return true;
    }
    const now = this.#options.clocks.steady();
    const away = this.#awaySince !== undefined;
    for (const allowance of allowances) {
      const limit = own(allowance);
      const reason = limit.refuses(away) ? limit.hopeless(at, amount, now) : undefined;
      if (reason === undefined) continue;
      this.#activate(limit);
      waiter.reject(new Shortfall(limit, amount, reason));
      return true;
    }
    return false;
  }

  /** The call goes on although not all of it is covered. */
  #overrun(allowances: readonly Allowance[], at: number, amount: bigint, now: number): void {
    for (const allowance of allowances) {
      const limit = own(allowance);
      const lease = limit.gone ? undefined : limit.leaseAt(at);
      if (lease?.covers(amount, now) === true) continue;
      // Deleted, as far as is known: ask again only now and then.
      if (limit.gone && now - limit.goneAt < this.#options.timing.renewEveryMs) continue;
      if (limit.gone) limit.ask(at);
      else if (lease === undefined) limit.markUncovered(at);
      if (!limit.terms.hard || limit.gone || limit.toldUncovered) continue;
      limit.toldUncovered = true;
      this.#options.onUncovered(limit.terms);
    }
  }

  #tally(): void {
    for (const limit of this.#active) limit.clearWaiting();
    for (const waiter of this.#waiters) this.#await(waiter, false);
  }

  /**
   * Where others wait too, a call asks for one limit after the other, in the order in which all calls have them: two that
   * each kept what the other lacks would both wait in vain.
   */
  #await({ allowances, at, amount }: Waiter, isNew: boolean): void {
    for (const allowance of allowances) {
      const limit = own(allowance);
      this.#activate(limit);
      const isShort = limit.wait(at, amount, isNew);
      // A limit that refuses nothing keeps no call waiting, and so none from the next limit.
      if (isShort && limit.refuses(this.#awaySince !== undefined)) return;
    }
  }

  #close(limit: HeldLimit): void {
    limit.closing = true;
    this.#activate(limit);
  }

  #activate(limit: HeldLimit): void {
    if (limit.active) return;
    limit.active = true;
    this.#active.add(limit);
    this.#options.onActive();
  }

  #rest(limit: HeldLimit): void {
    limit.active = false;
    this.#active.delete(limit);
    // A lease's record stays as long as its period may be spent from: who forgets it would spend it twice.
    if (limit.isDisowned) this.#limits.delete(nameOf(limit.terms));
  }
}

function nameOf({ budgetId, unit }: LeaseTerms): string {
  return `${budgetId} ${unit}`;
}

function own(allowance: Allowance): HeldLimit {
  if (allowance instanceof HeldLimit) return allowance;
  throw new TypeError('the allowance was not made by a lease book');
}

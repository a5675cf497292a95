import { Waiting } from './waiting.js';
import type { LeaseAnswer, LeaseRequest } from './wire.js';

/** What the budgets service answers where it lends. */
export type Lent = Extract<LeaseAnswer, { state: 'lent' }>;

/** The amounts that a request tells. */
export type Report = Pick<LeaseRequest, 'spent' | 'held' | 'unconfirmed'>;

const NOTHING: Report = { spent: 0n, held: 0n, unconfirmed: 0n };

/**
 * What this process may spend of one limit in one period, and what it has. Spent, held, unconfirmed and free come to what
 * is granted, always: `free` is all that can be taken. It is below zero only where more was spent than was set aside.
 */
export class HeldLease {
  readonly end: number;
  spent = 0n;
  held = 0n;
  unconfirmed = 0n;
  free = 0n;
  /** By the steady clock; from then on nothing is taken, though what is granted stays granted. */
  endsAt = -Infinity;
  takenAt: number;
  /** When the budgets service was asked last, and when it answered. */
  askedAt = -Infinity;
  toldAt = -Infinity;
  /** A call was refused since what remains does not do. */
  refusedAt = -Infinity;
  /** A call began to wait since the last request. */
  pressed = false;
  /** Calls in this period went on without being charged. */
  uncovered = false;
  /** What was told last was not answered: it may not have been heard. */
  unheard = false;
  /** Somebody lacks what it needs: here, or elsewhere. */
  short = false;
  /** Others may lack what is free here. */
  shortElsewhere = false;
  /** As told last. */
  unlent = 0n;
  limit = 0n;
  lastsMs = 0;
  #remaining = 0n;
  #reported = NOTHING;
  #successor: HeldLease | undefined;

  constructor(
    readonly id: string,
    readonly start: number,
    readonly periodEnd: number | null,
    now: number,
    readonly waiting = new Waiting(),
  ) {
    this.end = periodEnd ?? Infinity;
    this.takenAt = now;
  }

  holds(at: number): boolean {
    return at >= this.start && at < this.end;
  }

  covers(amount: bigint, now: number): boolean {
    return this.free >= amount && now < this.endsAt;
  }

  take(amount: bigint, now: number): void {
    this.free -= amount;
    this.held += amount;
    this.takenAt = now;
  }

  settle(amount: bigint, spent: bigint, unconfirmed: bigint): void {
    if (this.#successor !== undefined) return this.#successor.settle(amount, spent, unconfirmed);
    this.held -= amount;
    this.spent += spent;
    this.unconfirmed += unconfirmed;
    this.free += amount - spent - unconfirmed;
  }

  get used(): bigint {
    return this.spent + this.held + this.unconfirmed;
  }

  get granted(): bigint {
    return this.used + this.free;
  }

  /** As told last, less what was spent here since. */
  get remaining(): bigint {
    const since = this.spent + this.unconfirmed - this.#reported.spent - this.#reported.unconfirmed;
    return this.#remaining > since ? this.#remaining - since : 0n;
  }

  /** The budgets service may not know how it stands here. */
  get changed(): boolean {
    const { spent, held, unconfirmed } = this.#reported;
    const isTold = spent === this.spent && held === this.held && unconfirmed === this.unconfirmed;
    return !isTold || this.uncovered || this.unheard;
  }

  get reportedSpent(): bigint {
    return this.#reported.spent;
  }

  /**
   * Binds this process to spend and hold no more than this in all; before the budgets service hears of it, since its answer
   * may be lost.
   */
  bind(claim: bigint): void {
    this.free = claim - this.used;
  }

  /** @param lent the answer to a request that told `reported` and was sent at `sentAt`. */
  renew(lent: Lent, reported: Report & { readonly need: bigint }, sentAt: number, now: number): void {
    const isMet = reported.need <= lent.granted;
    if (this.waiting.heed(isMet)) this.pressed = true;
    this.free = lent.granted - this.used;
    // From before it was sent: the service counts from when it answers, which is later.
    this.endsAt = sentAt + lent.lastsMs;
    this.lastsMs = lent.lastsMs;
    this.limit = lent.limit;
    this.short = lent.short || !isMet;
    this.shortElsewhere = lent.short;
    this.unlent = lent.unlent;
    this.unheard = false;
    this.#remaining = lent.remaining;
    this.#reported = reported;
    this.toldAt = now;
  }

  /** Nothing can be taken from it any more, and nobody will hear of it. */
  lapse(reported: Report): void {
    this.endsAt = -Infinity;
    this.unheard = false;
    this.#reported = reported;
  }

  /** Another lease goes on with what this one counted. */
  replaceBy(successor: HeldLease): void {
    successor.spent = this.spent;
    successor.held = this.held;
    successor.unconfirmed = this.unconfirmed;
    successor.takenAt = this.takenAt;
    this.#successor = successor;
  }
}

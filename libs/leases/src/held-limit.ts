import type { Allowance, LeaseStanding } from './allowance.js';
import type { Clocks } from './clocks.js';
import { Demand } from './demand.js';
import { HeldLease, type Lent } from './held-lease.js';
import { leaseDueIn, openingDueIn } from './due-in.js';
import { leaseLine, openingLine } from './lease-line.js';
import type { LeaseTerms } from './lease-terms.js';
import type { LeaseTiming } from './lease-timing.js';
import { Opening } from './opening.js';
import type { ShortfallReason } from './shortfall.js';
import type { LeaseAnswer, LeaseRequest } from './wire.js';

/** Periods of which nobody knows more than that calls went on in them. */
const MOST_OPENINGS = 100;

const MINUTE_MS = 60_000;

/** One line of a request, and what it is about. */
export interface Line {
  readonly limit: HeldLimit;
  readonly subject: HeldLease | Opening;
  readonly request: LeaseRequest;
}

/** One limit with its leases: on the present period, the next one, and those in which calls are still under way. */
export class HeldLimit implements Allowance {
  terms: LeaseTerms;
  /** Something is to be told or asked about it, now or later. */
  active = false;
  /** It is no more: nothing is refused, and nothing charged. */
  gone = false;
  /** When the budgets service said so; infinite: the process knows it by itself. */
  goneAt = -Infinity;
  /** Nothing is borrowed for it any more. */
  closing = false;
  /** It was told that a call went on that no lease covers. */
  toldUncovered = false;
  readonly demand: Demand;
  readonly #clocks: Clocks;
  readonly #timing: LeaseTiming;
  #leases: HeldLease[] = [];
  #latest: HeldLease | undefined;
  #openings: Opening[] = [];
  /** Of what was spent before, nothing is remembered here. */
  #forgottenBefore = 0;

  constructor(terms: LeaseTerms, clocks: Clocks, timing: LeaseTiming) {
    this.terms = terms;
    this.#clocks = clocks;
    this.#timing = timing;
    this.demand = new Demand(timing.horizonMs, clocks.steady());
  }

  /** Takes over what may have changed of it. */
  renew(terms: LeaseTerms): void {
    this.terms = terms;
    if (!this.closing) return;
    this.closing = false;
    this.gone = false;
  }

  /** The process knows that it is no more, and so does the budgets service: nothing needs to be remembered of it. */
  get isDisowned(): boolean {
    return this.closing && this.gone && this.goneAt < Infinity;
  }

  get leases(): readonly HeldLease[] {
    return this.#leases;
  }

  standing(at: number): LeaseStanding | undefined {
    const lease = this.leaseAt(at);
    if (lease === undefined) return undefined;
    const { limit, remaining, unlent, free, start, periodEnd } = lease;
    const available = free > 0n && this.#clocks.steady() < lease.endsAt ? free : 0n;
    return { limit, remaining, available, unlent, periodStart: start, periodEnd };
  }

  leaseAt(at: number): HeldLease | undefined {
    const latest = this.#latest;
    if (latest?.holds(at) === true) return latest;
    for (const lease of this.#leases) {
      if (lease.holds(at)) return (this.#latest = lease);
    }
    return undefined;
  }

  /** Whether a call that no lease covers is refused. */
  refuses(away: boolean): boolean {
    return this.terms.hard && !this.gone && !(away && this.terms.whenAway === 'allow');
  }

  /** Asks for a lease on the period that holds the moment. */
  ask(at: number): Opening | undefined {
    if (at < this.#forgottenBefore) return undefined;
    const known = this.#openingAt(at);
    if (known !== undefined) return known;
    const opening = new Opening(at);
    this.#openings.push(opening);
    if (this.#openings.length > MOST_OPENINGS) this.#openings.shift();
    return opening;
  }

  /** A call in this period goes on without being charged. */
  markUncovered(at: number): void {
    const opening = this.ask(at);
    // Only money has a ledger that it can be counted from.
    if (opening !== undefined && this.terms.unit === 'pico-dollars') opening.uncovered = true;
  }

  clearWaiting(): void {
    for (const lease of this.#leases) lease.waiting.clear();
    for (const opening of this.#openings) opening.waiting.clear();
  }

  /**
   * A call waits for so much.
   *
   * @returns whether other processes wait for this limit too, and it is not to be had yet.
   */
  wait(at: number, amount: bigint, isNew: boolean): boolean {
    const lease = this.leaseAt(at);
    const subject = lease ?? (this.closing ? undefined : this.ask(at));
    if (subject === undefined) return false;
    subject.waiting.add(amount);
    if (isNew) {
      subject.pressed = true;
      this.demand.ask(amount);
    }
    return lease !== undefined && lease.short && !lease.covers(lease.waiting.sum, this.#clocks.steady());
  }

  /** Why so much cannot be had however long one waits, as far as is freshly known. */
  hopeless(at: number, amount: bigint, now: number): ShortfallReason | undefined {
    const lease = this.leaseAt(at);
    const freshSince = now - this.#timing.renewEveryMs;
    if (lease === undefined) {
      const isWrong = at < this.#forgottenBefore || (this.#openingAt(at)?.wrongAt ?? -Infinity) > freshSince;
      return isWrong ? 'wrong-time' : undefined;
    }
    if (lease.toldAt < freshSince || amount <= lease.remaining) return undefined;
    lease.refusedAt = now;
    return 'spent';
  }

  /** Why so much could not be had until now. */
  lack(at: number, amount: bigint, now: number, away: boolean): ShortfallReason {
    const hopeless = this.hopeless(at, amount, now);
    if (hopeless !== undefined) return hopeless;
    const lease = this.leaseAt(at);
    if (away || lease === undefined || now >= lease.endsAt) return 'away';
    return amount > lease.remaining ? 'spent' : 'reserved';
  }

  /** Asks for the next period in time, and forgets past ones. */
  tend(now: number, wall: number): void {
    const present = this.leaseAt(wall);
    if (
      present?.periodEnd != null &&
      wall >= present.end - this.#timing.prefetchMs &&
      this.#isWanted(present, now, wall) &&
      this.leaseAt(present.end) === undefined
    ) {
      this.ask(present.end);
    }
    this.#openings = this.#openings.filter(
      ({ pressed, uncovered, unheard, waiting, askedAt }) =>
        uncovered ||
        unheard ||
        (!this.closing && (pressed || waiting.sum > 0n || now - askedAt < this.#timing.renewEveryMs)),
    );
    const past = this.#leases.filter((lease) => this.#isPast(lease, now, wall));
    for (const lease of past) this.#forget(lease);
  }

  /** Milliseconds until the budgets service should be asked or told something; infinite: nothing is to be said. */
  dueIn(now: number, wall: number): number {
    let due = Infinity;
    for (const lease of this.#leases)
      due = Math.min(due, leaseDueIn(lease, this.#isWanted(lease, now, wall), this.#timing, now));
    for (const opening of this.#openings) due = Math.min(due, openingDueIn(opening, this.#timing, now));
    return due;
  }

  /** @param all not only what is due: whatever can be told. */
  *lines(now: number, wall: number, all: boolean): Generator<Line> {
    for (const lease of this.#leases) {
      const tell = all
        ? lease.changed || lease.free > 0n
        : leaseDueIn(lease, this.#isWanted(lease, now, wall), this.#timing, now) <= 0;
      if (!tell) continue;
      const ahead = this.#isWanted(lease, now, wall) ? this.demand.ahead : undefined;
      yield { limit: this, subject: lease, request: leaseLine(this.terms, lease, ahead, now) };
    }
    // One at a time: two moments may turn out to be of one period, and its lease would be opened twice.
    const opening = this.#openings.find((candidate) => openingDueIn(candidate, this.#timing, now) <= 0);
    if (opening === undefined) return;
    const ahead = this.closing ? 0n : this.demand.ahead;
    yield { limit: this, subject: opening, request: openingLine(this.terms, opening, ahead, now) };
  }

  /** Whether there is nothing to tell or ask, and will not be until a call comes. */
  isQuiet(now: number, wall: number): boolean {
    return this.dueIn(now, wall) === Infinity && this.#leases.every(({ held }) => held === 0n);
  }

  /** @throws Error where the answer does not fit the request. */
  heed({ subject, request }: Line, answer: LeaseAnswer, sentAt: number, now: number): void {
    if (answer.state === 'lent') return this.#lent(subject, request, answer, sentAt, now);
    if (answer.state === 'gone') return this.#disappear(now);
    if (answer.state === 'stale') return this.missed({ limit: this, subject, request });
    if (subject instanceof HeldLease) subject.lapse(request);
    else {
      subject.wrongAt = now;
      subject.unheard = false;
    }
  }

  /** There is no answer to the line: what it claimed it may have, and nothing more. */
  missed({ subject, request }: Line): void {
    if (request.uncovered) subject.uncovered = true;
    subject.unheard = true;
  }

  #lent(subject: HeldLease | Opening, request: LeaseRequest, lent: Lent, sentAt: number, now: number): void {
    if (request.at < lent.periodStart || request.at >= (lent.periodEnd ?? Infinity)) {
      this.missed({ limit: this, subject, request });
      throw new Error(`the budgets service answered with another period of limit ${this.terms.budgetId}`);
    }
    const lease = this.#leases.find(({ id }) => id === lent.leaseId) ?? this.#open(subject, lent, sentAt, now);
    this.demand.spend(request.spent - lease.reportedSpent, now);
    lease.renew(lent, request, sentAt, now);
    if (this.closing) lease.bind(request.claim);
    else this.gone = false;
    this.toldUncovered = false;
    for (const opening of this.#openings) {
      if (lease.holds(opening.at) && opening.uncovered) lease.uncovered = true;
    }
    this.#openings = this.#openings.filter(({ at }) => !lease.holds(at));
  }

  #open(subject: HeldLease | Opening, lent: Lent, sentAt: number, now: number): HeldLease {
    const lease = new HeldLease(lent.leaseId, lent.periodStart, lent.periodEnd, now, subject.waiting);
    lease.askedAt = sentAt;
    // The service's database was set back, and does not know the lease any more.
    if (subject instanceof HeldLease) {
      subject.replaceBy(lease);
      this.#forget(subject, 0);
    }
    this.#leases.unshift(lease);
    this.#latest = lease;
    return lease;
  }

  #disappear(now: number): void {
    this.gone = true;
    this.goneAt = now;
    this.#leases = [];
    this.#latest = undefined;
    this.#openings = [];
  }

  #forget(lease: HeldLease, until = lease.end): void {
    this.#leases = this.#leases.filter((other) => other !== lease);
    if (this.#latest === lease) this.#latest = undefined;
    this.#forgottenBefore = Math.max(this.#forgottenBefore, until);
  }

  #openingAt(at: number): Opening | undefined {
    return this.#openings.find((opening) => opening.isNear(at, this.terms.unit));
  }

  /** Whether calls will take from it: it is used, and its period is not over. */
  #isWanted({ held, takenAt, end }: HeldLease, now: number, wall: number): boolean {
    return !this.closing && wall < end && (held > 0n || now - takenAt < this.#timing.idleMs);
  }

  /** Nothing will be taken from it again, and all is told. The newest stays, so that a wrong wall clock cannot lose the present one. */
  #isPast(lease: HeldLease, now: number, wall: number): boolean {
    const lingerMs = this.terms.unit === 'pico-dollars' ? this.#timing.lingerMs : MINUTE_MS;
    return (
      wall >= lease.end &&
      lease.held === 0n &&
      !lease.changed &&
      now - Math.max(lease.takenAt, lease.askedAt) > lingerMs &&
      this.#leases.some(({ start }) => start >= lease.end)
    );
  }
}

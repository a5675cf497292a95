import type { Allowance } from './allowance.js';
import { LeaseHolder } from './lease-holder.js';
import type { Draft } from './lease-holder-types.js';
import type { LeaseTerms } from './lease-terms.js';
import { LEASE_TIMING, type LeaseTiming } from './lease-timing.js';
import type { Patience, Taken } from './taken.js';
import { WaitingCall } from './waiting-call.js';
import type { Exchange, ExchangeAnswer } from './wire.js';

export interface LeaseBookOptions extends Partial<LeaseTiming> {
  /** The instance of the process's journal: its rows in the ledger tell what a dead process spent. */
  readonly holder: string;
  readonly exchange: Exchange;
  /** The budgets service does not answer, or not as it should. The book goes on by itself. */
  onTrouble(error: unknown): void;
  /** A call went on under a HARD limit without a lease that covers it, since the service is away and the tenant allows that. Once, until it answers. */
  onUncovered?(terms: LeaseTerms): void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

export interface LeaseBookStatus {
  /** Limits that this process has met. */
  readonly allowances: number;
  /** The budgets service did not answer the last request. */
  readonly away: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly awaySince: number | undefined;
  /** Calls. */
  readonly waiting: number;
  readonly exchangesDone: number;
  readonly exchangesFailed: number;
}

/** A service that does not take what it is told must not keep the process from ending. */
const MOST_LAST_WORDS = 20;

/**
 * What is lent to this process. It takes from that in memory, and renews it, asks for more and gives back in the
 * background, by one request at a time.
 */
export class LeaseBook implements AsyncDisposable {
  readonly #holder: LeaseHolder;
  readonly #timing: LeaseTiming;
  readonly #options: LeaseBookOptions;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #willLook = false;
  #wasSettled = false;
  #done = 0;
  #failed = 0;
  #closing: Promise<void> | undefined;

  constructor(options: LeaseBookOptions) {
    this.#options = options;
    this.#timing = { ...LEASE_TIMING, ...options };
    this.#holder = new LeaseHolder({
      holder: options.holder,
      clocks: { steady: () => performance.now(), wall: options.now ?? Date.now },
      timing: this.#timing,
      onSettled: () => {
        this.#wasSettled = true;
        this.#lookSoon();
      },
      onActive: () => {
        this.#lookSoon();
      },
      onTrouble: (error) => {
        options.onTrouble(error);
      },
      onUncovered: (terms) => options.onUncovered?.(terms),
    });
  }

  get status(): LeaseBookStatus {
    const { size, awaySince, waiting } = this.#holder;
    return {
      allowances: size,
      away: awaySince !== undefined,
      awaySince,
      waiting,
      exchangesDone: this.#done,
      exchangesFailed: this.#failed,
    };
  }

  /** The same for the same limit and unit; it takes over new terms. */
  allowance(terms: LeaseTerms): Allowance {
    return this.#holder.limit(terms);
  }

  /** The limit is no more: what is idle of it goes back; calls under way still settle. */
  forget(budgetId: string): void {
    this.#holder.forget(budgetId);
  }

  /**
   * Takes the amount from each of the limits, or nothing; each stands once among them. No I/O, no waiting.
   *
   * @param at the moment, in milliseconds since the Unix epoch, whose period is charged.
   * @returns undefined where a limit that refuses has not lent so much: `take` asks for it.
   * @throws RangeError where the amount is negative.
   */
  tryTake(allowances: readonly Allowance[], at: number, amount: bigint): Taken | undefined {
    return this.#holder.tryTake(allowances, at, amount);
  }

  /**
   * The same, but asks the budgets service for more, and waits for it and for calls under way to settle.
   *
   * @throws Shortfall where that does not help, at once or when the patience ends; or the reason of its signal.
   */
  take(allowances: readonly Allowance[], at: number, amount: bigint, patience: Patience): Promise<Taken> {
    const within = this.#closing === undefined ? patience : { ...patience, until: 0 };
    return new Promise((resolve, reject) => {
      new WaitingCall(this.#holder, allowances, at, amount, within, resolve, reject).begin();
      this.#lookSoon();
    });
  }

  /** Gives back what is idle. Calls that wait are served from what is there, or refused. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#underWay;
    this.#holder.close();
    for (let word = 0; word < MOST_LAST_WORDS; word += 1) {
      const draft = this.#holder.draft(true);
      if (draft === undefined || !(await this.#perform(draft))) return;
    }
  }

  /** Once for all that happens in one turn of the event loop. */
  #lookSoon(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    setImmediate(() => {
      this.#willLook = false;
      if (this.#wasSettled) this.#holder.serve();
      this.#wasSettled = false;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#underWay !== undefined || this.#closing !== undefined) return;
    clearTimeout(this.#timer);
    const due = this.#holder.dueIn();
    if (due === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#renew();
    }, due).unref();
  }

  #renew(): void {
    const draft = this.#holder.draft();
    if (draft === undefined) {
      this.#schedule();
      return;
    }
    this.#underWay = this.#perform(draft).then(() => {
      this.#underWay = undefined;
      this.#schedule();
    });
  }

  /** @returns whether it was answered. */
  async #perform(draft: Draft): Promise<boolean> {
    try {
      const answer = await this.#ask(draft);
      this.#holder.heed(draft, answer);
      this.#done += 1;
      return true;
    } catch (error) {
      this.#failed += 1;
      this.#holder.lost(draft);
      this.#options.onTrouble(error);
      return false;
    }
  }

  /** Whatever the exchange does, no answer counts after the time that it may take. */
  #ask({ request }: Draft): Promise<ExchangeAnswer> {
    const signal = AbortSignal.timeout(this.#timing.requestTimeoutMs);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      this.#options.exchange(request, signal).then(resolve, reject);
    });
  }
}

import type { PicoDollars } from '@parsimony/contract';
import { Shortfall, type LeaseBook, type LeaseStanding, type Taken } from '@parsimony/leases';
import type { CutCall, ReservationRequest } from '@parsimony/metering';
import type { BudgetRules } from '@parsimony/tenancy';
import { BudgetGrant } from './budget-grant.js';
import type { BudgetsAbove } from './limits-above.js';
import { refusalOf } from './refusal.js';

/** How long a call that will do with less waits for what the budgets service has to lend. */
const BORROWING_MS = 250;

/** An answer of so many tokens is not kept waiting for a longer one. */
const ENOUGH_TOKENS = 256;

/** What there is of a budget: at best, when all that calls hold came back; in this process; here or with the service, now. */
const MEASURES = {
  remaining: ({ remaining }: LeaseStanding) => remaining,
  available: ({ available }: LeaseStanding) => available,
  attainable: ({ available, unlent }: LeaseStanding) => available + unlent,
};

/**
 * A provider call that does not fit what is lent to this process. One that says how long its answer may be waits for that
 * much, and is cut only where it will not come. One that does not say takes what there is: its worst case is the longest
 * answer of any model.
 */
export class TightReservation {
  /** By `performance.now()`. */
  readonly #until: number;

  constructor(
    private readonly request: ReservationRequest,
    private readonly above: BudgetsAbove,
    private readonly book: LeaseBook,
    private readonly rules: BudgetRules,
  ) {
    const waitMs = Math.max(rules.waitMs, BORROWING_MS);
    this.#until = performance.now() + Math.min(waitMs, request.call.deadlineAt - Date.now());
  }

  /** @throws BudgetExceeded, BudgetsUnavailable, or the reason of the call's signal. */
  async take(): Promise<BudgetGrant> {
    const { request, rules } = this;
    const mayCut = rules.onShortfall === 'cut';
    const isGuess = mayCut && !request.limitsOutput;
    const whole = await this.#attempt(request.worstCase, undefined, isGuess ? this.#soon() : this.#until);
    if (whole instanceof BudgetGrant) return whole;
    if (!mayCut || whole.reason === 'wrong-time') throw refusalOf(whole, request, this.above);
    return this.#takeLess(whole, isGuess ? rules.defaultMaxTokens : Infinity);
  }

  /** @param atMost output tokens that each answer may have even where there is room for more. */
  async #takeLess(whole: Shortfall, atMost: number): Promise<BudgetGrant> {
    let lack = whole;
    const most = this.request.cutTo(this.#least('remaining'), atMost);
    // What nobody holds may be more than what is lent to this process.
    if (most && this.#hasPatience() && lack.reason !== 'away') {
      const borrowed = await this.#attempt(most.worstCase, most, this.#soon());
      if (borrowed instanceof BudgetGrant) return borrowed;
      lack = borrowed;
    }
    let asked: PicoDollars | undefined;
    for (;;) {
      const enough = this.request.cutTo(this.#least('remaining'), Math.min(atMost, ENOUGH_TOKENS));
      const isLast = !enough || !this.#hasPatience() || enough.worstCase === asked;
      const fitting = this.request.cutTo(this.#least('attainable'), atMost);
      const taken = fitting && (isLast || fitting.maxTokens >= enough.maxTokens) && (await this.#takeNow(fitting));
      if (taken) return taken;
      if (isLast) throw refusalOf(lack, this.request, this.above);
      asked = enough.worstCase;
      const waited = await this.#attempt(asked, enough, this.#until);
      if (waited instanceof BudgetGrant) {
        const widened = await this.#widened(waited, enough, atMost);
        if (widened) return widened;
      } else lack = waited;
    }
  }

  /** More may have come back than was waited for. */
  async #widened(grant: BudgetGrant, enough: CutCall, atMost: number): Promise<BudgetGrant | undefined> {
    const wider = this.request.cutTo(enough.worstCase + this.#least('attainable'), atMost);
    if (!wider || wider.maxTokens <= enough.maxTokens) return grant;
    grant.settle(0n, 'exact');
    return (await this.#takeNow(wider)) ?? this.#tryTake(enough);
  }

  /** From what is lent to this process, or else from what is lent to nobody; or less, where another was quicker. */
  async #takeNow(cut: CutCall): Promise<BudgetGrant | undefined> {
    const taken = this.#tryTake(cut);
    if (taken) return taken;
    const borrowed = await this.#attempt(cut.worstCase, cut, performance.now() + BORROWING_MS);
    if (borrowed instanceof BudgetGrant) return borrowed;
    const less = this.request.cutTo(this.#least('available'), cut.maxTokens);
    return less && this.#tryTake(less);
  }

  async #attempt(amount: PicoDollars, cut: CutCall | undefined, until: number): Promise<BudgetGrant | Shortfall> {
    const { receivedAt, signal } = this.request.call;
    try {
      const taken = await this.book.take(this.above.allowances, receivedAt, amount, { until, signal });
      return this.#grant(taken, amount, cut);
    } catch (error) {
      if (error instanceof Shortfall) return error;
      throw error;
    }
  }

  #tryTake(cut: CutCall): BudgetGrant | undefined {
    const taken = this.book.tryTake(this.above.allowances, this.request.call.receivedAt, cut.worstCase);
    return taken && this.#grant(taken, cut.worstCase, cut);
  }

  #grant(taken: Taken, amount: PicoDollars, cut: CutCall | undefined): BudgetGrant {
    // There may be room for the whole call by now.
    return new BudgetGrant(taken, amount, amount < this.request.worstCase ? cut : undefined);
  }

  /** In the tightest of the budgets that refuse. One of which nothing is known yet holds nothing back here: the book does. */
  #least(measure: keyof typeof MEASURES): PicoDollars {
    const { call, worstCase } = this.request;
    let least = worstCase;
    for (const allowance of this.above.allowances) {
      const standing = allowance.terms.hard ? allowance.standing(call.receivedAt) : undefined;
      const amount = standing && MEASURES[measure](standing);
      if (amount !== undefined && amount < least) least = amount;
    }
    return least;
  }

  #soon(): number {
    return Math.min(this.#until, performance.now() + BORROWING_MS);
  }

  #hasPatience(): boolean {
    return performance.now() < this.#until;
  }
}

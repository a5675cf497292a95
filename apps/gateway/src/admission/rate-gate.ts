import type { Call } from '@parsimony/contract';
import { Shortfall, type Allowance, type LeaseBook, type Patience } from '@parsimony/leases';
import type { RatesAbove } from '../spending/limits-above.js';
import { rateLimitRefusal } from './rate-limit-refusal.js';
import { MEASURES, RateTicket, type Measure } from './rate-ticket.js';
import { estimatedTokens } from './token-estimate.js';

/** How long the first call under a limit waits for the budgets service to tell of it. */
const FIRST_ANSWER_MS = 1_500;
/** How long a call waits for what lies idle in other gateways; those are asked for it every 50 to 100 ms. */
const IDLE_ELSEWHERE_MS = 300;

/** Takes from the rate limits above a call what it uses of them. */
export class RateGate {
  constructor(private readonly book: LeaseBook) {}

  /**
   * @param limits at least one
   * @throws RateLimitExceeded, or the reason of the call's signal
   */
  take(call: Call, limits: RatesAbove): RateTicket | Promise<RateTicket> {
    const ticket = new RateTicket(limits, call.receivedAt);
    for (const measure of MEASURES) {
      const allowances = limits[measure];
      if (allowances.length === 0) continue;
      const amount = amountOf(measure, call);
      const taken = this.book.tryTake(allowances, ticket.at, amount);
      if (!taken) return this.#takeSlowly(call, ticket);
      ticket.hold(measure, taken);
    }
    return ticket.admit();
  }

  async #takeSlowly(call: Call, ticket: RateTicket): Promise<RateTicket> {
    const { limits, at } = ticket;
    try {
      for (const measure of MEASURES) {
        const allowances = limits[measure];
        if (allowances.length === 0 || ticket.has(measure)) continue;
        const amount = amountOf(measure, call);
        try {
          const taken = await this.book.take(allowances, at, amount, patienceFor(call, allowances));
          ticket.hold(measure, taken);
        } catch (error) {
          if (!(error instanceof Shortfall)) throw error;
          // A rate limit protects, and a budget promises: without the service calls pass.
          if (error.reason === 'spent' || error.reason === 'reserved') throw rateLimitRefusal(error, ticket, call);
        }
      }
      return ticket.admit();
    } catch (error) {
      ticket.giveBack();
      throw error;
    }
  }
}

function amountOf(measure: Measure, call: Call): bigint {
  return measure === 'tokens' ? BigInt(estimatedTokens(call)) : 1n;
}

/** Nobody waits for others' calls to end: clients know what to do with a 429. */
function patienceFor({ receivedAt, signal }: Call, allowances: readonly Allowance[]): Patience {
  const known = allowances.every((allowance) => allowance.standing(receivedAt) !== undefined);
  return { until: performance.now() + (known ? IDLE_ELSEWHERE_MS : FIRST_ANSWER_MS), signal };
}

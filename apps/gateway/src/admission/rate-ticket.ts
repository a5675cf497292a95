import type { Usage } from '@parsimony/contract';
import type { Taken } from '@parsimony/leases';
import type { Protocol } from '@parsimony/protocols';
import type { RatesAbove } from '../spending/limits-above.js';
import { rateLimitHeaders } from './rate-limit-headers.js';
import { tokensOf } from './token-estimate.js';

/** What rate limits count; `calls` are those under way at once. */
export const MEASURES = ['calls', 'requests', 'tokens'] as const;
export type Measure = (typeof MEASURES)[number];

/** What one call has taken of its rate limits. */
export class RateTicket {
  readonly #taken: Record<Measure, Taken | undefined> = { calls: undefined, requests: undefined, tokens: undefined };

  constructor(
    readonly limits: RatesAbove,
    /** The moment of the call, milliseconds since the Unix epoch. */
    readonly at: number,
  ) {}

  has(measure: Measure): boolean {
    return this.#taken[measure] !== undefined;
  }

  hold(measure: Measure, taken: Taken): void {
    this.#taken[measure] = taken;
  }

  /** All of it is there: the request counts, whatever becomes of the call. */
  admit(): this {
    this.#settle('requests', 1n);
    return this;
  }

  /** The call is refused: it counts nowhere. */
  giveBack(): void {
    for (const measure of MEASURES) this.#settle(measure, 0n);
  }

  /** The call is over, and so is what its providers still answered after its caller had left. */
  settle(usage: Usage): void {
    this.#settle('calls', 0n);
    this.#settle('tokens', BigInt(tokensOf(usage)));
  }

  /** How the limits stand now, as header lines of the protocol. */
  headers(protocol: Protocol): Record<string, string> {
    return rateLimitHeaders(this.limits, this.at, protocol);
  }

  #settle(measure: Measure, spent: bigint): void {
    const taken = this.#taken[measure];
    if (!taken) return;
    this.#taken[measure] = undefined;
    taken.settle(spent, 0n);
  }
}

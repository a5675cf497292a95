import type { Limit } from './limit-scope.js';

/** What may be asked for in each minute of the clock, and at once; null: not limited. */
export interface RateLimit extends Limit {
  readonly requestsPerMinute: number | null;
  /** Input and output together. */
  readonly tokensPerMinute: number | null;
  readonly concurrentCalls: number | null;
}

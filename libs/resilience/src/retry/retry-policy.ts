/** What a tenant wants done about a provider that fails. */
export interface RetryPolicy {
  /** How often one target is tried for a call, the first time included; 1 is no retry. */
  readonly attempts: number;
  /** Bounds the first wait, in milliseconds; each further one is bounded by twice as much. */
  readonly firstWaitMs: number;
  /** No wait is longer, whatever the provider asks for. */
  readonly longestWaitMs: number;
  /** A wait longer than this is passed in asking a fallback, if there is one. */
  readonly fallbackAfterMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 3,
  firstWaitMs: 250,
  longestWaitMs: 30_000,
  fallbackAfterMs: 1000,
};

/**
 * Exponential backoff with full jitter: anything up to the bound, so that callers who failed together do not come back
 * together (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
 *
 * @param made attempts that were made, at least one
 * @param random a number from 0 up to 1
 * @returns milliseconds
 */
export function backoffMs({ firstWaitMs, longestWaitMs }: RetryPolicy, made: number, random: number): number {
  return random * Math.min(longestWaitMs, firstWaitMs * 2 ** (made - 1));
}

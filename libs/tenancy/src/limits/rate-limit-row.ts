import { LIMIT_COLUMNS, limitOf } from './limit-row.js';
import type { LimitRow } from './limit-row.js';
import type { RateLimit } from './rate-limit.js';

/** A rate limit as PostgreSQL gives it: whole numbers of 64 bits are text. */
export type RateLimitRow = LimitRow & {
  readonly requestsPerMinute: string | null;
  readonly tokensPerMinute: string | null;
  readonly concurrentCalls: string | null;
};

/** The columns of a RateLimitRow in SQL. */
export const RATE_LIMIT_COLUMNS = `${LIMIT_COLUMNS}, requests_per_minute AS "requestsPerMinute",
  tokens_per_minute AS "tokensPerMinute", concurrent_calls AS "concurrentCalls"`;

export function rateLimitOf(row: RateLimitRow): RateLimit {
  return {
    ...limitOf(row),
    requestsPerMinute: count(row.requestsPerMinute),
    tokensPerMinute: count(row.tokensPerMinute),
    concurrentCalls: count(row.concurrentCalls),
  };
}

function count(text: string | null): number | null {
  return text === null ? null : Number(text);
}

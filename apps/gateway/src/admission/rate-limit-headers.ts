import type { Allowance, LeaseStanding } from '@parsimony/leases';
import type { Protocol } from '@parsimony/protocols';
import type { RatesAbove } from '../spending/limits-above.js';
import { durationText } from './duration-text.js';

/**
 * How the tightest limits of a call stand, as header lines: OpenAI's `x-ratelimit-*` (guide "Rate limits"), and for
 * `messages` Anthropic's `anthropic-ratelimit-*` (API reference, "Rate limits"), whose resets are moments of RFC 3339. They
 * tell of the present minute, or where nothing is known of it, of that of the call.
 *
 * @param at the moment of the call, milliseconds since the Unix epoch.
 */
export function rateLimitHeaders(limits: RatesAbove, at: number, protocol: Protocol): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const measure of ['requests', 'tokens'] as const) {
    const standing = tightest(limits[measure], at);
    if (!standing) continue;
    const { limit, remaining } = standing;
    const periodEnd = standing.periodEnd ?? Date.now();
    if (protocol === 'messages') {
      headers[`anthropic-ratelimit-${measure}-limit`] = String(limit);
      headers[`anthropic-ratelimit-${measure}-remaining`] = String(remaining);
      headers[`anthropic-ratelimit-${measure}-reset`] = new Date(periodEnd).toISOString();
    } else {
      headers[`x-ratelimit-limit-${measure}`] = String(limit);
      headers[`x-ratelimit-remaining-${measure}`] = String(remaining);
      headers[`x-ratelimit-reset-${measure}`] = durationText(Math.max(0, periodEnd - Date.now()));
    }
  }
  return headers;
}

/** The limit that leaves least; undefined where nothing is known of any. */
function tightest(allowances: readonly Allowance[], at: number): LeaseStanding | undefined {
  let least: LeaseStanding | undefined;
  for (const allowance of allowances) {
    const standing = allowance.standing(Date.now()) ?? allowance.standing(at);
    if (standing && (!least || standing.remaining < least.remaining)) least = standing;
  }
  return least;
}

import { RateLimitExceeded } from '@parsimony/contract';
import type { Call } from '@parsimony/contract';
import type { LeaseUnit, Shortfall } from '@parsimony/leases';
import { protocolOf } from '../edge/protocol.js';
import type { RateTicket } from './rate-ticket.js';

const MEASURES: Readonly<Partial<Record<LeaseUnit, string>>> = {
  calls: 'calls at once',
  requests: 'requests per min',
  tokens: 'tokens per min',
};
/** After which a call under way may have ended. */
const NEXT_SLOT_SECONDS = 1;

/** What the caller hears of a limit that it does not fit, in words and in the header lines that clients heed. */
export function rateLimitRefusal(shortfall: Shortfall, ticket: RateTicket, call: Call): RateLimitExceeded {
  const { allowance, needed } = shortfall;
  const { unit } = allowance.terms;
  const line = ticket.limits.lines.find(({ limit }) => limit.id === allowance.terms.budgetId);
  const reached = `${upperFirst(line?.words ?? 'the rate limit')} is reached on ${MEASURES[unit] ?? unit}`;
  const headers = ticket.headers(protocolOf(call.operation));
  const { limit = 0n, remaining = 0n, periodEnd = null } = allowance.standing(ticket.at) ?? {};
  if (needed > limit)
    return new RateLimitExceeded(`${reached}: limit ${limit}, asked ${needed}. The call never fits it.`, {
      // OpenAI's and Anthropic's clients would try again otherwise.
      headers: { ...headers, 'x-should-retry': 'false' },
    });
  const left = unit === 'calls' ? '' : ` left ${remaining},`;
  const seconds = periodEnd === null ? NEXT_SLOT_SECONDS : Math.max(1, Math.ceil((periodEnd - Date.now()) / 1000));
  return new RateLimitExceeded(`${reached}: limit ${limit},${left} asked ${needed}. Try again in ${seconds} s.`, {
    headers: { ...headers, 'retry-after': String(seconds) },
  });
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

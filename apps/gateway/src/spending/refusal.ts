import { BudgetExceeded, BudgetsUnavailable, formatUsd, type PicoDollars } from '@parsimony/contract';
import type { Shortfall } from '@parsimony/leases';
import type { ReservationRequest } from '@parsimony/metering';
import type { BudgetsAbove } from './limits-above.js';

/** What calls under way hold comes back within seconds. */
const RETRY_AFTER_SECONDS = '1';

/** What the caller is told of a provider call that a budget has no room for. */
export function refusalOf(
  shortfall: Shortfall,
  { call, worstCase }: ReservationRequest,
  { lines }: BudgetsAbove,
): BudgetExceeded | BudgetsUnavailable {
  const { allowance, reason } = shortfall;
  const words = lines.find(({ budget }) => budget.id === allowance.terms.budgetId)?.words ?? 'a budget';
  switch (reason) {
    case 'away':
      return new BudgetsUnavailable(`${words} cannot be asked now, and what it has lent does not cover this call`);
    case 'wrong-time':
      return new BudgetsUnavailable(`${words} cannot be charged: the clocks of gateway and budgets service differ`);
    case 'spent':
    case 'reserved': {
      const { remaining = 0n, periodEnd = null } = allowance.standing(call.receivedAt) ?? {};
      const held = reason === 'reserved' ? ', but calls under way hold it for now' : '';
      const message = `${words} has ${usd(remaining)} left${held}; this call could have cost ${usd(worstCase)}; ${endWords(periodEnd)}`;
      return new BudgetExceeded(
        message,
        reason === 'reserved' ? { headers: { 'retry-after': RETRY_AFTER_SECONDS } } : {},
      );
    }
  }
}

function usd(amount: PicoDollars): string {
  return `$${formatUsd(amount)}`;
}

function endWords(periodEnd: number | null): string {
  return periodEnd === null ? 'its period has no end' : `its period ends at ${new Date(periodEnd).toISOString()}`;
}

import { formatUsd, InvalidRequest } from '@parsimony/contract';
import type { PicoDollars } from '@parsimony/contract';
import type { Budget, BudgetMode, BudgetPeriod } from './budget.js';
import { parseTimezone } from './timezone.js';

/** How much may be spent, how fast, and what happens then, as a caller names it; null is as left out. */
export interface WishedTerms {
  readonly limit: PicoDollars;
  readonly period: BudgetPeriod;
  /** HARD where left out. */
  readonly mode?: BudgetMode | null;
  /** IANA name; `UTC` where left out. */
  readonly timezone?: string | null;
  /** Shares of the limit in any order; 0.5, 0.8 and 1 where left out. */
  readonly thresholds?: readonly number[] | null;
  /** Share of the limit; where left out calls are not forced to the economy tier. */
  readonly downgradeAt?: number | null;
}

export type BudgetTerms = Pick<Budget, 'amount' | 'period' | 'mode' | 'timezone' | 'thresholds' | 'downgradeAt'>;

const ABSURD_DOLLARS = 1_000_000_000n;
const ABSURD = ABSURD_DOLLARS * 10n ** 12n;
const MOST_THRESHOLDS = 20;
const HIGHEST_THRESHOLD = 10;
const USUAL_THRESHOLDS = [0.5, 0.8, 1];

/** @throws InvalidRequest that names the field. */
export function parseTerms(wish: WishedTerms): BudgetTerms {
  const { limit, period, mode, timezone, thresholds, downgradeAt = null } = wish;
  if (downgradeAt !== null && !(downgradeAt > 0 && downgradeAt <= 1))
    throw new InvalidRequest('a share of the limit is greater than 0 and at most 1, such as 0.9', {
      param: 'downgradeAt',
    });
  return {
    ...{ amount: parseAmount(limit, 'limit'), period, mode: mode ?? 'HARD', downgradeAt },
    timezone: parseTimezone(timezone ?? 'UTC'),
    thresholds: parseThresholds(thresholds ?? USUAL_THRESHOLDS),
  };
}

/** @throws InvalidRequest for what is not more than nothing, or more than anybody has. */
export function parseAmount(amount: PicoDollars, param: string): PicoDollars {
  if (amount <= 0n)
    throw new InvalidRequest(`an amount is more than 0 USD, this one is ${formatUsd(amount)}`, { param });
  if (amount > ABSURD)
    throw new InvalidRequest(`an amount is at most ${ABSURD_DOLLARS} USD, this one is ${formatUsd(amount)}`, { param });
  return amount;
}

function parseThresholds(shares: readonly number[]): readonly number[] {
  const param = 'thresholds';
  if (shares.length < 1 || shares.length > MOST_THRESHOLDS)
    throw new InvalidRequest(`a budget has 1 to ${MOST_THRESHOLDS} thresholds`, { param });
  for (const share of shares)
    if (!(share > 0 && share <= HIGHEST_THRESHOLD))
      throw new InvalidRequest(
        `a threshold is a share of the limit, greater than 0 and at most ${HIGHEST_THRESHOLD}, such as 0.8`,
        { param },
      );
  if (new Set(shares).size < shares.length)
    throw new InvalidRequest('no threshold stands in the list twice', { param });
  return shares.toSorted((a, b) => a - b);
}

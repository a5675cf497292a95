import type { PicoDollars } from '@parsimony/contract';
import type { BudgetStanding } from './budget-standing.js';

/** Before so much of a period has gone by, one call more or less would say too much. */
const TOO_EARLY_PERCENT = 1n;

/**
 * What will have been spent when the period ends: what is spent, and for the time that is left a pace. The pace is a mean
 * of this period's so far and of the former period's, if there was one, weighted by how much of this period has gone by:
 *
 *     spent + rest × (elapsed/whole × spent/elapsed + rest/whole × formerSpent/formerWhole)
 *
 * and without a former period `spent × whole / elapsed`. Exact, in fractions of whole numbers, rounded half up once.
 *
 * @param now milliseconds since the Unix epoch; the standing's own moment where left out.
 * @returns null for a period without end, and in the first hundredth of one.
 */
export function projectedSpend(
  standing: Pick<BudgetStanding, 'spent' | 'periodStart' | 'periodEnd' | 'former' | 'at'>,
  now: number = standing.at.getTime(),
): PicoDollars | null {
  const { spent, periodEnd, former } = standing;
  if (periodEnd === null) return null;
  const start = standing.periodStart.getTime();
  const whole = BigInt(periodEnd.getTime() - start);
  const elapsed = BigInt(now - start);
  if (elapsed * 100n < whole * TOO_EARLY_PERCENT) return null;
  if (elapsed >= whole) return spent;
  if (former === null) return divide(spent * whole, elapsed);
  const rest = whole - elapsed;
  const formerWhole = BigInt(former.periodEnd.getTime() - former.periodStart.getTime());
  return spent + divide(rest * (spent * formerWhole + rest * former.spent), whole * formerWhole);
}

/** Of what is not negative, rounded half up. */
function divide(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}

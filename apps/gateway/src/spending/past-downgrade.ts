import type { BudgetLine } from './limits-above.js';

const PARTS = 1_000_000n;

/**
 * The first budget of which so much is spent that its calls are forced to the economy tier; undefined where none is, as
 * far as is known.
 *
 * @param at milliseconds since the Unix epoch: it picks the period.
 */
export function pastDowngrade(lines: readonly BudgetLine[], at: number): BudgetLine | undefined {
  for (const line of lines) if (line.downgradeFrom !== undefined && isPast(line, line.downgradeFrom, at)) return line;
  return undefined;
}

function isPast({ allowance }: BudgetLine, share: bigint, at: number): boolean {
  const standing = allowance.standing(at);
  return standing !== undefined && (standing.limit - standing.remaining) * PARTS >= standing.limit * share;
}

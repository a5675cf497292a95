import type { Allowance } from './allowance.js';

/**
 * `spent`: not even what remains of the limit would do. `reserved`: it would, but calls under way hold it.
 * `away`: the budgets service does not answer, and no lease covers it. `wrong-time`: a clock is wrong.
 */
export type ShortfallReason = 'spent' | 'reserved' | 'away' | 'wrong-time';

/** Why something could not be taken. */
export class Shortfall extends Error {
  constructor(
    /** The limit that stood in the way. */
    readonly allowance: Allowance,
    readonly needed: bigint,
    readonly reason: ShortfallReason,
  ) {
    super(`${allowance.terms.unit} of limit ${allowance.terms.budgetId}: ${reason}`);
  }
}

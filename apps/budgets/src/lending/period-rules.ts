import type { LeaseUnit } from '@parsimony/leases';
import type { Period } from '@parsimony/budgets';

/** How long before its start a period can be asked for: no call has to wait at midnight. */
const EARLY_MS = 60_000;
/** How long after its end something may be charged to a period. Minutes are over sooner than their accounts are deleted. */
const LATE_MS: Readonly<Record<LeaseUnit, number>> = {
  'pico-dollars': 900_000,
  requests: 300_000,
  tokens: 300_000,
  calls: 300_000,
};

/** Whether a period can be lent under now. Where it cannot, the clock of whoever asks is wrong, or it asks too late. */
export function isTimely(unit: LeaseUnit, { start, end }: Period, now: number): boolean {
  return start <= now + EARLY_MS && (end === null || now <= end + LATE_MS[unit]);
}

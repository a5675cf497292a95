import type { LeaseUnit } from '@parsimony/leases';

/** What the holder that is served has of an account. */
export interface OwnLease {
  /** 0 where the store has counted it as nothing meanwhile: calls that ended with their process, for all it knew. */
  readonly granted: bigint;
  readonly spent: bigint;
  readonly sequence: number;
}

/** One limit in one period, with what is lent of it, as one holder's exchange sees it. */
export interface Account {
  readonly tenantId: string;
  readonly id: string;
  readonly budgetId: string;
  readonly unit: LeaseUnit;
  /** Milliseconds since the Unix epoch. */
  readonly periodStart: number;
  readonly periodEnd: number | null;
  readonly base: bigint;
  readonly credited: bigint;
  readonly shortUntil: number;
  readonly grantedToOthers: bigint;
  /** What others have spent, or may have. */
  readonly takenByOthers: bigint;
  readonly otherHolders: number;
  readonly own: OwnLease | null;
}

/** A period without end holds what was before it as well: calls that were under way when the budget was made. */
export function holds({ periodStart, periodEnd }: Pick<Account, 'periodStart' | 'periodEnd'>, at: number): boolean {
  return periodEnd === null || (periodStart <= at && at < periodEnd);
}

/** What the account has spent and lent in all. */
export function committed({ base, grantedToOthers, own }: Account): bigint {
  return base + grantedToOthers + (own?.granted ?? 0n);
}

/** Which calls a limit holds for: those that meet all of it; with nothing named, all of the tenant's. */
export interface LimitScope {
  readonly teamId: string | null;
  readonly keyId: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
}

/** Who may change a limit: whoever administers the tenant, or the team too, which has set it itself. */
export type LimitManager = 'tenant' | 'team';

/** What all limits have. */
export interface Limit extends LimitScope {
  readonly tenantId: string;
  readonly id: string;
  readonly managedBy: LimitManager;
  /** Counts changes, from 1. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly changedBy: string;
}

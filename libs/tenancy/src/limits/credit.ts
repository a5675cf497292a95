import type { PicoDollars } from '@parsimony/contract';

/** Money on top of a budget's limit, once. */
export interface Credit {
  readonly tenantId: string;
  readonly id: string;
  readonly budgetId: string;
  readonly amount: PicoDollars;
  /** By periods that are over. */
  readonly consumed: PicoDollars;
  /** What periods that are not over yet may use of it; nothing once it has expired or was revoked. */
  readonly remaining: PicoDollars;
  readonly expiresAt: Date;
  readonly note: string | null;
  readonly createdAt: Date;
  /** Id of the key, or subject of the person. */
  readonly createdBy: string;
  readonly revokedAt: Date | null;
}

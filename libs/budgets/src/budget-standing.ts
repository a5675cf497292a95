import type { PicoDollars } from '@parsimony/contract';

/** What one gateway process has borrowed of an account. */
export interface LeaseStandingOfHolder {
  readonly id: string;
  /** The process: the instance of its journal. */
  readonly holder: string;
  /** All that it may spend and hold in this period, what it has spent included. */
  readonly granted: PicoDollars;
  readonly spent: PicoDollars;
  /** Set aside for calls under way. */
  readonly held: PicoDollars;
  /** Set aside for calls of which nobody knows what they cost; of a lost lease all that was granted and not reported spent. */
  readonly unconfirmed: PicoDollars;
  /** `lost`: it expired, and its journal has not told yet what was spent. `closed`: it was settled or given back. */
  readonly state: 'open' | 'lost' | 'closed';
  readonly expiresAt: Date;
}

/** How a budget stands in the period that holds now, as far as gateways have reported. */
export interface BudgetStanding {
  readonly budgetId: string;
  /** The database's time at which this was so. */
  readonly at: Date;
  readonly periodStart: Date;
  /** Null: the period has no end. */
  readonly periodEnd: Date | null;
  /** Credits included. */
  readonly limit: PicoDollars;
  /** Settled calls, and those that no lease covered. */
  readonly spent: PicoDollars;
  /** By calls under way. */
  readonly held: PicoDollars;
  /** What may yet turn out to be spent. */
  readonly unconfirmed: PicoDollars;
  /** Of the limit neither spent nor unconfirmed; what calls under way hold is part of it. At least 0. */
  readonly remaining: PicoDollars;
  /** When the first call of the period was counted; null: none was. */
  readonly openedAt: Date | null;
  /** Those that are not closed, and closed ones with something unconfirmed; oldest first. */
  readonly leases: readonly LeaseStandingOfHolder[];
  /** What open credits have left after all that the budget's accounts use of them, those that expire first before others. */
  readonly credits: readonly { readonly creditId: string; readonly remaining: PicoDollars }[];
  /** The period right before this one, where calls were counted in it. */
  readonly former: { readonly spent: PicoDollars; readonly periodStart: Date; readonly periodEnd: Date } | null;
}

import type { Call, ModelTarget, PicoDollars, Settlement } from '@parsimony/contract';

/** A provider call with a lower limit of output tokens. */
export interface CutCall {
  readonly call: Call;
  /** For each of its answers. */
  readonly maxTokens: number;
  /** The most that it can cost. */
  readonly worstCase: PicoDollars;
}

export interface ReservationRequest {
  readonly call: Call;
  readonly target: ModelTarget;
  /** The most that the provider call can cost. */
  readonly worstCase: PicoDollars;
  /** Whether the call itself says how long its answer may be; else `worstCase` assumes the longest of any model. */
  readonly limitsOutput: boolean;
  /**
   * The call with as many output tokens as an amount pays for, and `atMost`; undefined where it has no such limit, or where
   * that is too few to be of use.
   */
  cutTo(amount: PicoDollars, atMost?: number): CutCall | undefined;
}

/** Money that is set aside for one provider call. */
export interface Grant {
  /** The leases that it is charged to, as PostgreSQL writes an array; null: to none. */
  readonly leases: string | null;
  /** The call that may be made, where it is not the one that was asked for. */
  readonly cut?: CutCall | undefined;
  /** Gives back what was not spent. */
  settle(cost: PicoDollars, settlement: Settlement): void;
}

/**
 * The one door to money. It stands on the way of every call: nearly always it takes from memory and answers at once. It is
 * a promise where what is lent to this process does not do.
 */
export interface ReservationDoor {
  /** @throws BudgetExceeded, BudgetsUnavailable, or the reason of the call's signal. */
  reserve(request: ReservationRequest): Grant | Promise<Grant>;
}

const UNLIMITED: Grant = { leases: null, settle: () => undefined };

/** For tenants without a budget: every reservation is granted. */
export const unlimitedDoor: ReservationDoor = { reserve: () => UNLIMITED };

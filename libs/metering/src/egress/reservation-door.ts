import type { Call, ModelTarget, PicoDollars, Settlement } from '@parsimony/contract';

export interface ReservationRequest {
  readonly call: Call;
  readonly target: ModelTarget;
  /** The most that the provider call can cost. */
  readonly worstCase: PicoDollars;
}

/** Money that is set aside for one provider call. */
export interface Grant {
  /** Gives back what was not spent. */
  settle(cost: PicoDollars, settlement: Settlement): void;
}

/** The one door to money. It asks nobody: it takes from memory, since it stands on the way of every call. */
export interface ReservationDoor {
  /** @throws BudgetExceeded where the worst case does not fit. */
  reserve(request: ReservationRequest): Grant;
}

const UNLIMITED: Grant = { settle: () => undefined };

/** For tenants without a budget: every reservation is granted. */
export const unlimitedDoor: ReservationDoor = { reserve: () => UNLIMITED };

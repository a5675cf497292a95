import type { LeaseBook } from '@parsimony/leases';
import { unlimitedDoor, type Grant, type ReservationDoor, type ReservationRequest } from '@parsimony/metering';
import type { BudgetRules } from '@parsimony/tenancy';
import { BudgetGrant } from './budget-grant.js';
import type { LimitMatcher } from './limit-matcher.js';
import { TightReservation } from './tight-reservation.js';

/** A tenant's door to money: each provider call takes its worst case from all budgets above it, or less where it is cut. */
export class BudgetDoor implements ReservationDoor {
  constructor(
    private readonly limits: LimitMatcher,
    private readonly book: LeaseBook,
    private readonly rules: BudgetRules,
  ) {}

  reserve(request: ReservationRequest): Grant | Promise<Grant> {
    const { call, worstCase } = request;
    const above = this.limits.budgets(call.caller, call.tags);
    if (above.allowances.length === 0) return unlimitedDoor.reserve(request);
    const taken = this.book.tryTake(above.allowances, call.receivedAt, worstCase);
    if (taken) return new BudgetGrant(taken, worstCase, undefined);
    return new TightReservation(request, above, this.book, this.rules).take();
  }
}

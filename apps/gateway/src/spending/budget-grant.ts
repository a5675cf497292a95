import type { PicoDollars, Settlement } from '@parsimony/contract';
import type { Taken } from '@parsimony/leases';
import type { CutCall, Grant } from '@parsimony/metering';

/** What was taken from all budgets above a provider call. */
export class BudgetGrant implements Grant {
  constructor(
    private readonly taken: Taken,
    private readonly reserved: PicoDollars,
    readonly cut: CutCall | undefined,
  ) {}

  get leases(): string | null {
    return this.taken.leases;
  }

  /** What a provider may yet bill of a cost that is a lower bound, or not known, stays set aside. */
  settle(cost: PicoDollars, settlement: Settlement): void {
    const isOpen = settlement !== 'exact' && cost < this.reserved;
    this.taken.settle(cost, isOpen ? this.reserved - cost : 0n);
  }
}

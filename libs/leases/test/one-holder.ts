import type { Allowance } from '../src/allowance.js';
import type { HeldLimit } from '../src/held-limit.js';
import { LeaseHolder } from '../src/lease-holder.js';
import type { Draft, Waiter } from '../src/lease-holder-types.js';
import type { LeaseTerms } from '../src/lease-terms.js';
import { LEASE_TIMING } from '../src/lease-timing.js';
import type { LeaseUnit } from '../src/lease-unit.js';
import type { Taken } from '../src/taken.js';
import type { LeaseRequest } from '../src/wire.js';
import { LeaseStore } from './lease-store.js';

export const EPOCH = Date.UTC(2026, 0, 1);

/** What becomes of a call that asked for something. */
export interface Asked {
  taken: Taken | undefined;
  /** The reason of its refusal. */
  refused: string | undefined;
}

/** A holder with a store of its own, both in a time that the spec makes. */
export class OneHolder {
  /** Since both began. */
  time = 0;
  /** By how much the holder's wall clock is wrong. */
  skew = 0;
  readonly store = new LeaseStore(() => EPOCH + this.time);
  readonly uncovered: string[] = [];
  readonly troubles: unknown[] = [];
  readonly holder: LeaseHolder;

  constructor(name = 'holder', store?: LeaseStore) {
    if (store !== undefined) this.store = store;
    this.holder = new LeaseHolder({
      holder: name,
      clocks: { steady: () => this.time, wall: () => this.now },
      timing: LEASE_TIMING,
      onSettled: () => {
        this.holder.serve();
      },
      onActive: () => undefined,
      onTrouble: (error) => this.troubles.push(error),
      onUncovered: ({ budgetId }) => this.uncovered.push(budgetId),
    });
  }

  get now(): number {
    return EPOCH + this.time + this.skew;
  }

  limit(budgetId: string, terms: Partial<LeaseTerms> = {}): HeldLimit {
    const unit: LeaseUnit = this.store.limits.get(budgetId)?.unit ?? 'pico-dollars';
    return this.holder.limit({ tenantId: 'tenant', budgetId, unit, hard: true, whenAway: 'deny', ...terms });
  }

  ask(amount: bigint, ...allowances: Allowance[]): Asked {
    const asked: Asked = { taken: undefined, refused: undefined };
    const waiter: Waiter = {
      allowances,
      at: this.now,
      amount,
      resolve: (taken) => (asked.taken = taken),
      reject: ({ reason }) => (asked.refused = reason),
    };
    this.holder.join(waiter);
    return asked;
  }

  /** Sends what is due, and has it answered; undefined: nothing was due. */
  exchange(): readonly LeaseRequest[] | undefined {
    const draft = this.draft();
    if (draft === undefined) return undefined;
    this.holder.heed(draft, this.store.exchange(draft.request));
    return draft.request.leases;
  }

  /** The same, but the service does not answer. */
  lose(): void {
    const draft = this.draft();
    if (draft !== undefined) this.holder.lost(draft);
  }

  draft(): Draft | undefined {
    return this.holder.dueIn() === 0 ? this.holder.draft() : undefined;
  }

  /** Time goes by, with exchanges as they are due. */
  run(milliseconds: number): readonly LeaseRequest[] {
    const told: LeaseRequest[] = [];
    for (const until = this.time + milliseconds; this.time < until; this.time += 25)
      told.push(...(this.exchange() ?? []));
    return told;
  }
}

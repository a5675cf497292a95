import type { HeldLease } from './held-lease.js';
import type { Taken } from './taken.js';

/** Leases that a call is charged to together. Calls under the same limits share it, so that a call makes no list and no text. */
export class Charge {
  readonly #followers = new WeakMap<HeldLease, Charge>();
  #lastLease: HeldLease | undefined;
  #last: Charge = this;

  constructor(
    readonly leases: readonly HeldLease[] = [],
    /** As PostgreSQL writes an array. */
    readonly text: string | null = null,
  ) {}

  with(lease: HeldLease): Charge {
    if (this.#lastLease === lease) return this.#last;
    let follower = this.#followers.get(lease);
    if (follower === undefined) {
      const leases = [...this.leases, lease];
      follower = new Charge(leases, `{${leases.map(({ id }) => id).join(',')}}`);
      this.#followers.set(lease, follower);
    }
    this.#lastLease = lease;
    this.#last = follower;
    return follower;
  }
}

/** What one call has taken. */
export class Hold implements Taken {
  readonly #charge: Charge;
  readonly #amount: bigint;
  readonly #onSettled: { settled(): void };
  #open = true;

  constructor(charge: Charge, amount: bigint, onSettled: { settled(): void }) {
    this.#charge = charge;
    this.#amount = amount;
    this.#onSettled = onSettled;
  }

  get leases(): string | null {
    return this.#charge.text;
  }

  settle(spent: bigint, unconfirmed: bigint): void {
    if (spent < 0n || unconfirmed < 0n) throw new RangeError('what was spent cannot be less than nothing');
    if (!this.#open) return;
    this.#open = false;
    for (const lease of this.#charge.leases) lease.settle(this.#amount, spent, unconfirmed);
    this.#onSettled.settled();
  }
}

import type { Allowance } from './allowance.js';
import type { LeaseHolder } from './lease-holder.js';
import type { Waiter } from './lease-holder-types.js';
import type { Shortfall } from './shortfall.js';
import type { Patience, Taken } from './taken.js';

/** A longer timer would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A call that waits in a holder until it is served, or its patience ends, or its caller leaves. */
export class WaitingCall implements Waiter {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly holder: LeaseHolder,
    readonly allowances: readonly Allowance[],
    readonly at: number,
    readonly amount: bigint,
    private readonly patience: Patience,
    private readonly onTaken: (taken: Taken) => void,
    private readonly onRefused: (reason: unknown) => void,
  ) {}

  /** @throws the reason of the signal, where the caller has left already. */
  begin(): void {
    const { signal, until } = this.patience;
    signal.throwIfAborted();
    if (!this.holder.join(this)) return;
    const forMs = Math.min(Math.max(0, until - performance.now()), LONGEST_TIMER_MS);
    this.#timer = setTimeout(this.#endPatience, forMs);
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  resolve(taken: Taken): void {
    this.#leave();
    this.onTaken(taken);
  }

  reject(shortfall: Shortfall): void {
    this.#leave();
    this.onRefused(shortfall);
  }

  readonly #endPatience = (): void => {
    const shortfall = this.holder.lack(this);
    if (shortfall === undefined) this.holder.serve();
    else this.reject(shortfall);
  };

  readonly #abort = (): void => {
    this.#leave();
    this.onRefused(this.patience.signal.reason);
  };

  #leave(): void {
    clearTimeout(this.#timer);
    this.patience.signal.removeEventListener('abort', this.#abort);
    this.holder.leave(this);
  }
}

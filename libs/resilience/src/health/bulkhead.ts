import { ProviderBusy } from '@parsimony/contract';

/** What a bulkhead allows. */
export interface BulkheadLimits {
  /** Calls that may be under way at one provider at the same time. */
  readonly limit: number;
  /** Calls that may wait for a place; the next one is refused. */
  readonly queue: number;
  /** How long one may wait for a place, in milliseconds. */
  readonly longestWaitMs: number;
}

/**
 * Bounds the calls that are under way at one provider, so that a provider that hangs does not take the whole gateway
 * with it (M. Nygard, "Release It!", bulkheads). A place is taken by a number going up, and kept to the end of a stream:
 * a library's `execute(promise)` would need a promise for the length of every call.
 */
export class Bulkhead {
  #active = 0;
  readonly #queue = new Set<() => void>();

  constructor(private readonly limits: BulkheadLimits) {}

  /** Places that are taken. */
  get active(): number {
    return this.#active;
  }

  /** Calls that wait for a place. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Takes a place, if there is one now. */
  tryEnter(): boolean {
    if (this.#active >= this.limits.limit) return false;
    this.#active++;
    return true;
  }

  /**
   * Waits in the queue for a place.
   *
   * @throws ProviderBusy where the queue is full, or the wait is over or abandoned; no place is taken then.
   */
  async enter(provider: string, signal: AbortSignal): Promise<void> {
    if (this.tryEnter()) return;
    if (this.#queue.size >= this.limits.queue || signal.aborted) throw this.#busy(provider);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      // At once: a place handed to one that has given up would be lost.
      this.#queue.delete(resolve);
      reject(this.#busy(provider));
    };
    const timer = setTimeout(giveUp, this.limits.longestWaitMs);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#queue.add(resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Gives a place back: to the call that has waited longest, if one does. */
  leave(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#active--;
      return;
    }
    this.#queue.delete(next);
    next();
  }

  #busy(provider: string): ProviderBusy {
    return new ProviderBusy(`${this.limits.limit} calls are under way at ${provider}, as many as may be`);
  }
}

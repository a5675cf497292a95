/** A layer overran the time that it may take for itself. */
export class OwnTimeExceeded extends Error {
  constructor(readonly ownTimeMs: number) {
    super(`took more than its own ${ownTimeMs} ms`);
  }
}

/** Measures what a layer takes for itself: it runs while the layer is asked for an event and stands while it waits inside `next`. */
export class OwnClock {
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #expire: ((error: OwnTimeExceeded) => void) | undefined;
  #waits = 0;

  constructor(private readonly ownTimeMs: number) {
    this.#leftMs = ownTimeMs;
  }

  /**
   * Waits for one step of the layer.
   *
   * @throws OwnTimeExceeded when the layer's own time is used up first.
   */
  async measure<T>(step: () => Promise<T>): Promise<T> {
    const expired = new Promise<never>((_, reject) => (this.#expire = reject));
    this.#start();
    try {
      return await Promise.race([step(), expired]);
    } finally {
      this.#expire = undefined;
      this.#stop();
    }
  }

  /** The layer waits inside `next`. It may wait for several replies, or have asked ahead before it is asked itself. */
  pause(): void {
    this.#waits += 1;
    this.#stop();
  }

  /** One wait is over; the clock runs again when all are. */
  resume(): void {
    this.#waits -= 1;
    this.#start();
  }

  #start(): void {
    if (!this.#expire || this.#timer || this.#waits > 0) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#expire?.(new OwnTimeExceeded(this.ownTimeMs)), Math.max(this.#leftMs, 0));
  }

  #stop(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs -= performance.now() - this.#startedAt;
  }
}

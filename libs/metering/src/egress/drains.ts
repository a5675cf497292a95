/** Answers that are read to their end after their callers have left, so that their exact cost is known. */
export class Drains {
  readonly #under = new Map<Promise<void>, () => void>();

  constructor(
    /** A provider that never ends its answer must not hold a connection for ever. */
    private readonly longestMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  get size(): number {
    return this.#under.size;
  }

  add(drained: Promise<void>, abort: () => void): void {
    const timer = setTimeout(abort, this.longestMs);
    timer.unref();
    const done = drained.catch(this.onFault).finally(() => {
      clearTimeout(timer);
      this.#under.delete(done);
    });
    this.#under.set(done, abort);
  }

  /** Waits for what is under way, and after `graceMs` aborts the rest. */
  async finish(graceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      for (const abort of this.#under.values()) abort();
    }, graceMs);
    while (this.#under.size > 0) await Promise.all(this.#under.keys());
    clearTimeout(timer);
  }
}

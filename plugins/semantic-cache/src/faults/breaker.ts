/** @see Breaker */
export interface BreakerOptions {
  /** After so many failures in a row it is open. */
  readonly failures: number;
  /** For so long it stays open; then one attempt is let through. */
  readonly restMs: number;
  /** Told when it opens (the failure), and when it closes (null). */
  readonly changed: (failure: unknown) => void;
}

/**
 * Keeps calls from waiting for a store that is away. It counts failures in a row; once open, it lets one attempt through
 * whenever it has rested.
 */
export class Breaker {
  #failures = 0;
  #openUntil = 0;

  constructor(private readonly options: BreakerOptions) {}

  /** Whether an attempt may be made now; the one that is let through while it is open must report how it went. */
  permits(now: number = performance.now()): boolean {
    if (this.#failures < this.options.failures) return true;
    if (now < this.#openUntil) return false;
    this.#openUntil = now + this.options.restMs;
    return true;
  }

  succeeded(): void {
    const wasOpen = this.#failures >= this.options.failures;
    this.#failures = 0;
    if (wasOpen) this.options.changed(null);
  }

  failed(failure: unknown, now: number = performance.now()): void {
    this.#failures += 1;
    if (this.#failures < this.options.failures) return;
    this.#openUntil = now + this.options.restMs;
    if (this.#failures === this.options.failures) this.options.changed(failure);
  }
}

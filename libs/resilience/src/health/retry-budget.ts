/** How many retries a provider may get. */
export interface RetryBudgetLimits {
  /** Retries per call in the long run. */
  readonly share: number;
  /** Retries per second that are allowed however few calls there are. */
  readonly perSecond: number;
  /** Most retries that can be saved up. */
  readonly most: number;
}

/**
 * Bounds the load that retries add, so that they do not turn a provider's trouble into an outage: each call pays a share
 * of a token in, each retry takes one (Finagle's RetryBudget; gRPC A6, "retry throttling").
 */
export class RetryBudget {
  #tokens: number;
  #refilledAt: number | undefined;

  constructor(private readonly limits: RetryBudgetLimits) {
    this.#tokens = limits.most;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** A first attempt was made. */
  deposit(): void {
    this.#tokens = Math.min(this.limits.most, this.#tokens + this.limits.share);
  }

  /** Takes what a retry costs, if it is there. */
  tryWithdraw(): boolean {
    const now = Date.now();
    const elapsedMs = now - (this.#refilledAt ?? now);
    this.#refilledAt = now;
    this.#tokens = Math.min(this.limits.most, this.#tokens + (this.limits.perSecond * Math.max(elapsedMs, 0)) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

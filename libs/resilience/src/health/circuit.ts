import { circuitBreaker, CircuitState, ExponentialBackoff, handleAll, SamplingBreaker } from 'cockatiel';

/** When a circuit opens, and how long it stays open. */
export interface CircuitLimits {
  /** Share of failures, between 0 and 1, above which the circuit opens. */
  readonly failureShare: number;
  /** Length of the window that is looked at, in milliseconds. */
  readonly windowMs: number;
  /** Fewer calls than this in the window say nothing. */
  readonly fewestCalls: number;
  /** The first pause; it grows from probe to probe that fails. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export type CircuitName = 'closed' | 'open' | 'half-open';

/** `probe`: the one attempt by which an open circuit finds out; its outcome must be told, whatever it is. */
export type Admission = 'closed' | 'probe' | 'refused';

const NAMES: Readonly<Record<CircuitState, CircuitName>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/** Cockatiel keeps the last failure: the provider's own error would keep a prompt's answer in memory. */
const FAILURE = new Error('the provider failed');

/**
 * Cockatiel's window of outcomes, with those attempts counted as well that the failed one did not outlive. Most providers
 * refuse at once and answer late: by what has ended alone, one that fails a twentieth of its calls would seem to fail them
 * all, until its first answer comes. One that hangs has no such attempts, since the oldest time out first.
 */
class SurvivalBreaker extends SamplingBreaker {
  /** Attempts that began before the one which failed last, and are still under way. */
  outlivedBy = 0;

  constructor(
    private readonly failureShare: number,
    options: Omit<ConstructorParameters<typeof SamplingBreaker>[0], 'threshold'>,
  ) {
    super({ ...options, threshold: failureShare });
  }

  override failure(state: CircuitState): boolean {
    if (!super.failure(state)) return false;
    if (state !== CircuitState.Closed) return true;
    const { currentFailures, currentSuccesses } = this.state as WindowSums;
    return currentFailures > this.failureShare * (currentFailures + currentSuccesses + this.outlivedBy);
  }
}

/**
 * Cockatiel's circuit breaker, asked in two steps, since a stream's outcome is known long after its admission. While the
 * circuit is closed, a success goes to the breaker's window directly: `execute` costs four promises a call. Failures and
 * probes, which are rare, go through `execute`, so that the states and their pauses are the library's.
 */
export class Circuit {
  readonly #breaker: SurvivalBreaker;
  readonly #policy: ReturnType<typeof circuitBreaker>;
  #probe: PromiseWithResolvers<void> | undefined;

  constructor(limits: CircuitLimits) {
    this.#breaker = new SurvivalBreaker(limits.failureShare, {
      duration: limits.windowMs,
      minimumRps: (limits.fewestCalls * 1000) / limits.windowMs,
    });
    this.#policy = circuitBreaker(handleAll, {
      breaker: this.#breaker,
      halfOpenAfter: new ExponentialBackoff({ initialDelay: limits.firstPauseMs, maxDelay: limits.longestPauseMs }),
    });
  }

  get state(): CircuitName {
    return NAMES[this.#policy.state];
  }

  /** Share of failures in the window, 0 where nothing is known. */
  get failureShare(): number {
    const { currentFailures, currentSuccesses } = this.#breaker.state as WindowSums;
    const calls = currentFailures + currentSuccesses;
    return calls === 0 ? 0 : currentFailures / calls;
  }

  /** Lets an attempt in, or not. */
  admit(): Admission {
    if (this.#isClosed) return 'closed';
    // Cockatiel would hold the others until the probe is through.
    if (this.#policy.state === CircuitState.HalfOpen) return 'refused';
    return this.#beginProbe() ? 'probe' : 'refused';
  }

  succeeded(isProbe: boolean): void {
    if (isProbe) this.#probe?.resolve();
    else this.#breaker.success(CircuitState.Closed);
  }

  /** @param outlivedBy attempts that began before this one and are still under way: they have not failed so soon. */
  failed(isProbe: boolean, outlivedBy = 0): void {
    if (isProbe) this.#probe?.reject(FAILURE);
    // What began before the circuit opened must not pass for a probe.
    else if (this.#isClosed) {
      this.#breaker.outlivedBy = outlivedBy;
      this.#execute(() => Promise.reject(FAILURE));
    }
  }

  get #isClosed(): boolean {
    return this.#policy.state === CircuitState.Closed;
  }

  #beginProbe(): boolean {
    const probe = Promise.withResolvers<void>();
    let begun = false;
    // Runs its function before it returns, if it runs it at all.
    this.#execute(() => {
      begun = true;
      return probe.promise;
    });
    if (begun) this.#probe = probe;
    return begun;
  }

  #execute(attempt: () => Promise<void>): void {
    this.#policy.execute(attempt).catch(() => undefined);
  }
}

/** The part of the breaker's saved state that sums up its window. */
interface WindowSums {
  readonly currentFailures: number;
  readonly currentSuccesses: number;
}

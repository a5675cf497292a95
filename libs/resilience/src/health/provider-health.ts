import type { CircuitName } from './circuit.js';
import type { AttemptCounts } from './model-health.js';
import { ProviderGate, type HealthLimits } from './provider-gate.js';

export interface ModelReport {
  readonly model: string;
  readonly circuit: CircuitName;
  /** Share of failures of late, from 0 to 1. */
  readonly failureShare: number;
  /** Milliseconds since the Unix epoch; null where the provider did not ask to be left alone. */
  readonly coolingUntil: number | null;
  /** Since the process began. */
  readonly attempts: AttemptCounts;
  readonly retries: number;
  readonly fallbacks: number;
}

export interface ProviderReport {
  readonly provider: string;
  readonly callsUnderWay: number;
  readonly callsWaiting: number;
  readonly callLimit: number;
  /** How many retries the budget holds now. */
  readonly retriesLeft: number;
  readonly models: readonly ModelReport[];
}

export const DEFAULT_HEALTH_LIMITS: HealthLimits = {
  bulkhead: { limit: 2000, queue: 200, longestWaitMs: 2000 },
  circuit: { failureShare: 0.5, windowMs: 10_000, fewestCalls: 10, firstPauseMs: 1000, longestPauseMs: 30_000 },
  // Finagle's own: one retry for five calls, and ten a second, saved up over ten seconds.
  retries: { share: 0.2, perSecond: 10, most: 100 },
};

/** Providers of tenants' own have gates too; there may be many tenants. */
const MOST_GATES = 10_000;

/** What the process knows of its providers from the calls that it makes: nothing is ever probed beside them. */
export class ProviderHealth {
  readonly #limits: HealthLimits;
  readonly #gates = new Map<string, ProviderGate>();

  constructor(limits: Partial<HealthLimits> = {}) {
    this.#limits = { ...DEFAULT_HEALTH_LIMITS, ...limits };
  }

  /** @param name under which the provider's health is kept */
  gate(name: string): ProviderGate {
    const known = this.#gates.get(name);
    if (known) return known;
    if (this.#gates.size >= MOST_GATES) this.#forgetIdle();
    const gate = new ProviderGate(this.#limits);
    this.#gates.set(name, gate);
    return gate;
  }

  report(): ProviderReport[] {
    return [...this.#gates].map(([provider, gate]) => ({
      provider,
      callsUnderWay: gate.bulkhead.active,
      callsWaiting: gate.bulkhead.waiting,
      callLimit: this.#limits.bulkhead.limit,
      retriesLeft: Math.floor(gate.retries.tokens),
      models: [...gate.models].map(([model, health]) => ({
        model,
        circuit: health.circuit,
        failureShare: health.failureShare,
        coolingUntil: health.coolingUntil === 0 ? null : health.coolingUntil,
        attempts: { ...health.counts },
        retries: health.retries,
        fallbacks: health.fallbacks,
      })),
    }));
  }

  /** A gate with calls under way is kept: a new one in its place would not know of them. */
  #forgetIdle(): void {
    for (const [name, gate] of this.#gates) {
      if (gate.bulkhead.active > 0) continue;
      this.#gates.delete(name);
      return;
    }
  }
}

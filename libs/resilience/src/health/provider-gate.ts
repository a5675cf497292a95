import { ProviderUnavailable, type ModelTarget } from '@parsimony/contract';
import { Bulkhead, type BulkheadLimits } from './bulkhead.js';
import type { CircuitLimits } from './circuit.js';
import { ModelHealth } from './model-health.js';
import { Place } from './place.js';
import { RetryBudget, type RetryBudgetLimits } from './retry-budget.js';

export interface HealthLimits {
  readonly bulkhead: BulkheadLimits;
  readonly circuit: CircuitLimits;
  readonly retries: RetryBudgetLimits;
}

/** Callers make up names of models: what is kept of them must not grow without end. */
const MOST_MODELS = 500;
const LONGEST_NAME = 256;
const OTHER_MODELS = 'other';

/** What stands before one provider: places for calls, a budget for retries, and a circuit for each model. */
export class ProviderGate {
  readonly bulkhead: Bulkhead;
  readonly retries: RetryBudget;
  readonly models = new Map<string, ModelHealth>();

  constructor(private readonly limits: HealthLimits) {
    this.bulkhead = new Bulkhead(limits.bulkhead);
    this.retries = new RetryBudget(limits.retries);
  }

  model(name: string): ModelHealth {
    const known = this.models.get(name);
    if (known) return known;
    if (name.length > LONGEST_NAME) return this.model(OTHER_MODELS);
    if (this.models.size >= MOST_MODELS) this.#forgetOne();
    const health = new ModelHealth(this.limits.circuit);
    this.models.set(name, health);
    return health;
  }

  /**
   * Takes a place for an attempt.
   *
   * @returns undefined where all are taken.
   * @throws ProviderUnavailable while the model's circuit is open.
   */
  tryEnter(target: ModelTarget): Place | undefined {
    return this.bulkhead.tryEnter() ? this.#admit(target) : undefined;
  }

  /**
   * Waits for a place.
   *
   * @throws ProviderBusy where too many wait, or none became free in time; ProviderUnavailable
   */
  async enter(target: ModelTarget, signal: AbortSignal): Promise<Place> {
    const health = this.model(target.model);
    if (health.circuit !== 'closed') throw unavailable(target, health);
    try {
      await this.bulkhead.enter(target.provider, signal);
    } catch (error) {
      health.counts.busy++;
      throw error;
    }
    return this.#admit(target);
  }

  #admit(target: ModelTarget): Place {
    const health = this.model(target.model);
    const admission = health.admit();
    if (admission !== 'refused') return new Place(this.bulkhead, health, admission === 'probe');
    this.bulkhead.leave();
    throw unavailable(target, health);
  }

  /** Forgets the oldest model that works, or else the oldest. */
  #forgetOne(): void {
    let oldest: string | undefined;
    for (const [name, health] of this.models) {
      oldest ??= name;
      if (!health.isUnremarkable) continue;
      oldest = name;
      break;
    }
    if (oldest !== undefined) this.models.delete(oldest);
  }
}

function unavailable({ provider, model }: ModelTarget, { counts }: ModelHealth): ProviderUnavailable {
  counts.unavailable++;
  return new ProviderUnavailable(`${provider}/${model} failed so often of late that it is left alone for a while`);
}

import type { Call, ModelTarget } from '@parsimony/contract';
import type { ProviderHealth } from './health/provider-health.js';
import type { Purpose } from './retry/attempt-plan.js';
import type { RetryPolicy } from './retry/retry-policy.js';

export interface ResilienceOptions {
  /** One for the whole process. */
  readonly health: ProviderHealth;
  readonly policy: RetryPolicy;
  /** Where else a call may go when its target fails, the preferred one first. */
  readonly alternatives: (target: ModelTarget, call: Call) => readonly ModelTarget[];
  /** Tells the meter what the next attempt is for. */
  readonly mark: (call: Call, purpose: Purpose) => Call;
  /** The name under which a provider's health is kept, where a tenant's own provider must not answer for another's. */
  readonly healthNameOf?: (provider: string) => string;
  /** Ends early when the signal fires. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

export type ResilienceSettings = Required<ResilienceOptions>;

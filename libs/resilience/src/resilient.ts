import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Next } from '@parsimony/contract';
import type { ResilienceOptions, ResilienceSettings } from './resilience-options.js';
import { ResilientReply } from './resilient-reply.js';

/**
 * Stands between a tenant's stack and the metered egress. Each call of the egress is one attempt, metered by itself: at
 * the call's own target, there again, at a fallback, as long as no event has left and the call's deadline allows. Its
 * replies throw what the egress throws, and ProviderBusy or ProviderUnavailable where nothing was sent.
 */
export function resilient(egress: Next, options: ResilienceOptions): Next {
  const settings: ResilienceSettings = {
    healthNameOf: (provider) => provider,
    sleep: (milliseconds, signal) => sleepFor<void>(milliseconds, undefined, { signal }).catch(() => undefined),
    random: Math.random,
    ...options,
  };
  return (call) => new ResilientReply(egress, settings, call);
}

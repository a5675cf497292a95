export { DEFAULT_HEALTH_LIMITS, ProviderHealth } from './health/provider-health.js';
export type { ModelReport, ProviderReport } from './health/provider-health.js';
export type { HealthLimits } from './health/provider-gate.js';
export type { ResilienceOptions } from './resilience-options.js';
export { resilient } from './resilient.js';
export type { Purpose } from './retry/attempt-plan.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry/retry-policy.js';

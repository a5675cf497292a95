import { collectDefaultMetrics, Registry } from 'prom-client';

export { type Registry } from 'prom-client';

/** A registry of its own, so that several gateways in one process (in tests) do not share counters. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'parsimony_' });
  return registry;
}

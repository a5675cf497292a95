import { AggregatorRegistry, type Registry } from 'prom-client';

/**
 * In a worker of node:cluster: lets the first process ask for the metrics of this one.
 *
 * @param registry what this process counts in.
 */
export function shareWithCluster(registry: Registry): void {
  AggregatorRegistry.setRegistries([registry]);
  // Its constructor is what listens for the question.
  new AggregatorRegistry();
}

/** In the first process of node:cluster. @returns what asks all workers and adds their metrics up, as text. */
export function collectClusterMetrics(): () => Promise<string> {
  const aggregator = new AggregatorRegistry();
  return () => aggregator.clusterMetrics();
}

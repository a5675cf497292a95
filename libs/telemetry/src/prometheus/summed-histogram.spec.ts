import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { SummedHistogram } from './summed-histogram.js';

const CONFIGURATION = { name: 'parsimony_test_seconds', help: 'A test', labelNames: ['operation', 'streamed'] };
const BOUNDS = [0.1, 1, 10];

it("says the same as prom-client's own, as text and as JSON", async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const summed = new SummedHistogram({ ...CONFIGURATION, bounds: BOUNDS, registry: ours });
  const plain = new Histogram({ ...CONFIGURATION, buckets: BOUNDS, registers: [theirs] });
  for (const [operation, streamed, value] of [
    ['chat', 'true', 0.05],
    ['chat', 'true', 0.1],
    ['chat', 'true', 3],
    ['embeddings', 'false', 99],
  ] as const) {
    summed.sumsOf({ operation, streamed }).observe(value);
    plain.observe({ operation, streamed }, value);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  // Theirs has exemplars besides.
  expect(await theirs.getMetricsAsJSON()).toMatchObject(await ours.getMetricsAsJSON());
});

it('adds up over the processes of a cluster', async () => {
  const processes = [new Registry(), new Registry()];
  for (const registry of processes) {
    new SummedHistogram({ ...CONFIGURATION, bounds: BOUNDS, registry })
      .sumsOf({ operation: 'chat', streamed: 'true' })
      .observe(0.5);
  }
  const metrics = await Promise.all(processes.map((registry) => registry.getMetricsAsJSON()));
  const text = await AggregatorRegistry.aggregate(metrics).metrics();
  expect(text).toContain('parsimony_test_seconds_bucket{le="1",operation="chat",streamed="true"} 2');
  expect(text).toContain('parsimony_test_seconds_sum{operation="chat",streamed="true"} 1');
});

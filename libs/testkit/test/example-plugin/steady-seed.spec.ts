import { aCall, aHost, anEmbeddingsCall, aScope, collect, FakeEgress } from '@parsimony/testkit';
import { describePluginConformance } from '@parsimony/testkit/vitest';
import { expect, it } from 'vitest';
import plugin from './steady-seed.js';

describePluginConformance({
  plugin,
  treatment: 'hands-on',
  configs: { accepted: [{ seed: 7 }], refused: [{}, { seed: -1 }, { seed: '7' }] },
  calls: { passed: [aCall(), aCall({ stream: false }), anEmbeddingsCall()] },
});

it('gives the seed to a chat call that names none', async () => {
  const egress = new FakeEgress();
  const shared = await plugin.open(aHost());
  const layer = plugin.layer?.(shared, { seed: 7 }, { id: 'tenant-1', revision: 1 });
  const call = aCall();
  if (layer) await collect(layer(call, egress.next, aScope(egress.next)));
  expect(egress.calls[0]?.body).toEqual({ ...call.body, seed: 7 });
});

import { definePlugin } from '@parsimony/contract';
import type { Plugin, Stage, StagedLayer, TenantRef } from '@parsimony/contract';
import { aCall, collect, FakeEgress } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { buildStack, type EnabledPlugin } from './stack.js';

const TENANT: TenantRef = { id: 'tenant-1', revision: 3 };

function enabled(name: string, stage: Stage | undefined, log: unknown[]): EnabledPlugin {
  const shared = { name, [Symbol.asyncDispose]: () => Promise.resolve() };
  const plugin: Plugin = {
    contract: 1,
    name,
    config: { '~standard': { version: 1, vendor: 'spec', validate: (value) => ({ value }) } },
    configSchema: {},
    needs: [],
    ...(stage && { stage }),
    onFailure: 'fail',
    ownTimeMs: 50,
    open: () => Promise.resolve(shared),
    layer: (given, config, tenant) => {
      log.push({ built: name, given: given === shared, config, tenant });
      return (call, next) => {
        log.push(name);
        return next(call);
      };
    },
  };
  return {
    loaded: { plugin: definePlugin(plugin), version: '1.0.0', packageName: name, shared },
    config: { of: name },
  };
}

describe('buildStack', () => {
  it("orders layers by stage, and inside a stage as the tenant's document does", async () => {
    const log: unknown[] = [];
    const egress = new FakeEgress();
    const plugins = [
      enabled('batch', 'batch', log),
      enabled('second-optimiser', 'optimise', log),
      enabled('cache', 'exact-cache', log),
      enabled('first-optimiser', 'optimise', log),
      enabled('policy', 'policy', log),
      enabled('router', 'route', log),
    ];
    const stack = buildStack(TENANT, plugins, egress.next, () => undefined);
    log.length = 0;
    await collect(stack(aCall()));
    expect(log).toEqual(['policy', 'cache', 'second-optimiser', 'first-optimiser', 'router', 'batch']);
  });

  it("builds each layer once, from its shared state, its configuration and the tenant's revision", async () => {
    const log: unknown[] = [];
    const stack = buildStack(TENANT, [enabled('policy', 'policy', log)], new FakeEgress().next, () => undefined);
    await collect(stack(aCall()));
    await collect(stack(aCall()));
    const built = { built: 'policy', given: true, config: { of: 'policy' }, tenant: TENANT };
    expect(log).toEqual([built, 'policy', 'policy']);
  });

  it('leaves plugins without a stage out of the way of calls', async () => {
    const log: unknown[] = [];
    const egress = new FakeEgress();
    expect(buildStack(TENANT, [enabled('reporter', undefined, log)], egress.next, () => undefined)).toBe(egress.next);
    expect(log).toEqual([]);
  });

  it('puts the layers of a plugin that stands in several stages where they belong, in one shared state', async () => {
    const order: string[] = [];
    const naming = (stage: Stage): StagedLayer<unknown, AsyncDisposable> => ({
      stage,
      layer: (shared, config, tenant) => (call, next) => {
        order.push(`${stage} ${String(shared === both.loaded.shared)} ${JSON.stringify(config)} ${tenant.revision}`);
        return next(call);
      },
    });
    const { loaded, config } = enabled('cache', undefined, []);
    const { layer: _, ...plugin } = loaded.plugin;
    const layers = [naming('semantic-cache'), naming('exact-cache')];
    const both: EnabledPlugin = { loaded: { ...loaded, plugin: definePlugin({ ...plugin, layers }) }, config };
    const stack = buildStack(TENANT, [enabled('optimiser', 'optimise', order), both], new FakeEgress().next, () => {});
    order.length = 0;
    await collect(stack(aCall()));
    const said = 'true {"of":"cache"} 3';
    expect(order).toEqual([`exact-cache ${said}`, 'optimiser', `semantic-cache ${said}`]);
  });
});

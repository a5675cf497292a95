import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { copyCall } from './copy-call.js';
import { OpenedPlugin, OTHER_TENANT, TENANT } from './opened-plugin.js';
import { hasLayer, type ConformanceCheck, type ConformanceSubject } from './subject.js';
import { traceOf, type Trace } from './trace.js';

export const BUILDING_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'builds its layer without input or output',
    concerns: hasLayer,
    run: async (subject) => {
      await using opened = await OpenedPlugin.open(subject);
      const begun = asynchronousWork(() => opened.layer());
      assert.deepEqual(begun, [], 'asynchronous work that layer() begins; it belongs in open()');
    },
  },
  {
    name: 'builds the same layer from the same configuration, and leaves the configuration as it is',
    concerns: hasLayer,
    run: async (subject) => {
      const first = await tracesOf(subject, (opened) => opened.layer());
      const again = await tracesOf(subject, (opened) => opened.layer());
      assert.deepEqual(again, first, 'a second building of the layer treats the same calls in another way');
    },
  },
  {
    name: 'keeps tenants apart',
    concerns: hasLayer,
    run: async (subject) => {
      const alone = await tracesOf(subject, (opened) => opened.layer(OTHER_TENANT), OTHER_TENANT.id);
      await using opened = await OpenedPlugin.open(subject);
      const neighbour = opened.layer(TENANT);
      const layer = opened.layer(OTHER_TENANT);
      for (const call of subject.calls.passed) await traceOf(neighbour, copyCall(call, { tenantId: TENANT.id }));
      const beside: Trace[] = [];
      for (const call of subject.calls.passed) {
        beside.push(await traceOf(layer, copyCall(call, { tenantId: OTHER_TENANT.id })));
      }
      assert.deepEqual(beside, alone, "a tenant's calls are treated in another way after another tenant's calls");
    },
  },
];

async function tracesOf(
  subject: ConformanceSubject,
  layerOf: (opened: OpenedPlugin) => ReturnType<OpenedPlugin['layer']>,
  tenantId: string = TENANT.id,
): Promise<Trace[]> {
  await using opened = await OpenedPlugin.open(subject);
  const layer = layerOf(opened);
  const traces: Trace[] = [];
  for (const call of subject.calls.passed) traces.push(await traceOf(layer, copyCall(call, { tenantId })));
  return traces;
}

/** Kinds of asynchronous resources (promises, timers, sockets, file requests) that begin while `work` runs. */
function asynchronousWork(work: () => void): string[] {
  const begun: string[] = [];
  const hook = createHook({ init: (_id, kind) => void begun.push(kind) });
  hook.enable();
  try {
    work();
  } finally {
    hook.disable();
  }
  return begun;
}

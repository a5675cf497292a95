import type { Call, Layer, LayerScope, Next, Reply, TenantRef } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { TENANT_ID } from '../a-call.js';
import { aHost } from '../a-host.js';
import { aScope } from '../a-scope.js';
import { deepFreeze } from './deep-freeze.js';
import { readConfig } from './read-config.js';
import type { ConformanceSubject } from './subject.js';

export const TENANT: TenantRef = Object.freeze({ id: TENANT_ID, revision: 1 });
export const OTHER_TENANT: TenantRef = Object.freeze({ id: '01936000-0000-7000-9000-00000000000b', revision: 1 });

/** A layer that stands by itself where it gets no scope. */
export type LooseLayer = (call: Call, next: Next, scope?: LayerScope) => Reply;

/** The plugin as a host opens it: once, with a configuration that its validator has read. */
export class OpenedPlugin implements AsyncDisposable {
  private constructor(
    private readonly subject: ConformanceSubject,
    private readonly shared: AsyncDisposable,
    private readonly config: unknown,
  ) {}

  static async open(subject: ConformanceSubject): Promise<OpenedPlugin> {
    const [sample] = subject.configs.accepted;
    const config = await readConfig(subject.plugin, structuredClone(sample));
    assert.ok(!config.issues, `the validator refuses an accepted configuration: ${JSON.stringify(config.issues)}`);
    const shared = await subject.plugin.open((await subject.host?.()) ?? aHost());
    return new OpenedPlugin(subject, shared, deepFreeze(config.value));
  }

  /** Builds the layer anew, as a host does for each revision of a tenant. */
  layer(tenant: TenantRef = TENANT): LooseLayer {
    return loose(this.subject.plugin.layer?.(this.shared, this.config, tenant));
  }

  /** All its layers, be it one, several or none. */
  layers(tenant: TenantRef = TENANT): readonly LooseLayer[] {
    const { plugin } = this.subject;
    if (plugin.layer) return [this.layer(tenant)];
    return (plugin.layers ?? []).map((staged) => loose(staged.layer(this.shared, this.config, tenant)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shared[Symbol.asyncDispose]();
  }
}

function loose(layer: Layer | undefined): LooseLayer {
  assert.ok(typeof layer === 'function', 'layer() returns a layer, at once');
  return (call, next, scope = aScope(next, call.signal)) => layer(call, next, scope);
}

/** The layer of the plugin, opened for one check and closed behind it. */
export async function withLayer(
  subject: ConformanceSubject,
  check: (layer: LooseLayer) => Promise<void>,
): Promise<void> {
  await using opened = await OpenedPlugin.open(subject);
  await check(opened.layer());
}

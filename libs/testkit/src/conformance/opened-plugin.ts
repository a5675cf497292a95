import type { Layer, TenantRef } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { aHost } from '../a-host.js';
import { deepFreeze } from './deep-freeze.js';
import { readConfig } from './read-config.js';
import type { ConformanceSubject } from './subject.js';

export const TENANT: TenantRef = Object.freeze({ id: 'tenant-1', revision: 1 });
export const OTHER_TENANT: TenantRef = Object.freeze({ id: 'tenant-2', revision: 1 });

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
    const shared = await subject.plugin.open(subject.host?.() ?? aHost());
    return new OpenedPlugin(subject, shared, deepFreeze(config.value));
  }

  /** Builds the layer anew, as a host does for each revision of a tenant. */
  layer(tenant: TenantRef = TENANT): Layer {
    const layer = this.subject.plugin.layer?.(this.shared, this.config, tenant);
    assert.equal(typeof layer, 'function', 'layer() returns a layer, at once');
    return layer as Layer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shared[Symbol.asyncDispose]();
  }
}

/** The layer of the plugin, opened for one check and closed behind it. */
export async function withLayer(subject: ConformanceSubject, check: (layer: Layer) => Promise<void>): Promise<void> {
  await using opened = await OpenedPlugin.open(subject);
  await check(opened.layer());
}

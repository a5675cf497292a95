import { STAGES } from '@parsimony/contract';
import type { Layer, Next, TenantRef } from '@parsimony/contract';
import { compose } from './compose.js';
import { guard, type Incident } from './guard.js';
import { layersOf } from './layers-of.js';
import type { LoadedPlugin } from './loaded-plugin.js';

/** A plugin that a tenant has enabled, its configuration already proved by the plugin's schema. */
export interface EnabledPlugin {
  readonly loaded: LoadedPlugin;
  readonly config: unknown;
}

/** Composes a tenant's stack: by stage, and inside a stage in the tenant's own order. */
export function buildStack(
  tenant: TenantRef,
  enabled: readonly EnabledPlugin[],
  egress: Next,
  report: (incident: Incident) => void,
): Next {
  const layers: Layer[] = [];
  for (const stage of STAGES) {
    for (const { loaded, config } of enabled) {
      const { plugin, shared } = loaded;
      const { name, onFailure, ownTimeMs } = plugin;
      for (const staged of layersOf(plugin)) {
        if (staged.stage !== stage) continue;
        layers.push(guard(staged.layer(shared, config, tenant), { plugin: name, stage, onFailure, ownTimeMs }, report));
      }
    }
  }
  return compose(layers, egress);
}

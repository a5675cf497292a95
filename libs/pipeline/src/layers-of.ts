import type { Plugin, StagedLayer } from '@parsimony/contract';

type Staged = StagedLayer<unknown, AsyncDisposable>;

/** The layers of a plugin with their stages, be it one or several. */
export function layersOf(plugin: Plugin): readonly Staged[] {
  if (plugin.layers) return plugin.layers;
  return isStaged(plugin) ? [plugin] : [];
}

function isStaged(plugin: Plugin): plugin is Plugin & Staged {
  return plugin.stage !== undefined && plugin.layer !== undefined;
}

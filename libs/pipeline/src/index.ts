export { compose } from './compose.js';
export { guard, type GuardPolicy, type Incident } from './guard.js';
export { layersOf } from './layers-of.js';
export type { ImportedPlugin, LoadedPlugin } from './loaded-plugin.js';
export { PluginLoadError, readManifest, type PluginManifest } from './manifest.js';
export { PluginCatalogue } from './plugin-catalogue.js';
export { PluginRegistry } from './plugin-registry.js';
export { buildStack, type EnabledPlugin } from './stack.js';
export { StackCache } from './stack-cache.js';

export { compose } from './compose.js';
export { guard, type GuardPolicy, type Incident } from './guard.js';
export type { LoadedPlugin } from './loaded-plugin.js';
export { loadPlugin } from './loader.js';
export { PluginLoadError, readManifest, type PluginManifest } from './manifest.js';
export { PluginRegistry } from './plugin-registry.js';
export { buildStack, type EnabledPlugin } from './stack.js';
export { StackCache } from './stack-cache.js';

import type { Plugin } from '@parsimony/contract';

/** A plugin that this process has imported and opened. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly version: string;
  /** What `open` gave: pools, models. */
  readonly shared: AsyncDisposable;
}

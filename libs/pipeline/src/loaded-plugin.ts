import type { Plugin } from '@parsimony/contract';

/** A plugin that this process has imported: what it declares is known, and nothing of it has been opened. */
export interface ImportedPlugin {
  readonly plugin: Plugin;
  readonly version: string;
  readonly packageName: string;
}

/** A plugin that this process has opened. */
export interface LoadedPlugin extends ImportedPlugin {
  /** What `open` gave: pools, models. */
  readonly shared: AsyncDisposable;
}

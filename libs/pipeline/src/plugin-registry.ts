import type { Host } from '@parsimony/contract';
import type { LoadedPlugin } from './loaded-plugin.js';
import { loadPlugin } from './loader.js';
import { PluginLoadError } from './manifest.js';

/** The plugins that a deployment lists, opened; closed again in reverse order. */
export class PluginRegistry implements AsyncDisposable {
  readonly #plugins = new Map<string, LoadedPlugin>();

  /** @throws PluginLoadError at the first plugin that does not load; those already open are closed again. */
  static async open(
    specifiers: readonly string[],
    from: string,
    host: (name: string) => Host,
  ): Promise<PluginRegistry> {
    const registry = new PluginRegistry();
    try {
      for (const specifier of specifiers) registry.#add(await loadPlugin(specifier, from, host));
    } catch (error) {
      await registry[Symbol.asyncDispose]();
      throw error;
    }
    return registry;
  }

  get(name: string): LoadedPlugin | undefined {
    return this.#plugins.get(name);
  }

  all(): readonly LoadedPlugin[] {
    return [...this.#plugins.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { shared } of this.all().toReversed()) await shared[Symbol.asyncDispose]();
    this.#plugins.clear();
  }

  #add(loaded: LoadedPlugin): void {
    const { name } = loaded.plugin;
    if (this.#plugins.has(name)) throw new PluginLoadError(`two plugins bear the name ${name}`);
    this.#plugins.set(name, loaded);
  }
}

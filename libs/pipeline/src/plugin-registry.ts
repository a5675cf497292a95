import type { Host } from '@parsimony/contract';
import type { LoadedPlugin } from './loaded-plugin.js';
import { loadPlugin } from './loader.js';
import { PluginLoadError } from './manifest.js';

/** The plugins that a deployment lists, opened; closed again in reverse order. */
export class PluginRegistry implements AsyncDisposable {
  private constructor(
    private readonly plugins: ReadonlyMap<string, LoadedPlugin>,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @throws PluginLoadError at the first plugin that does not load; those already open are closed again. */
  static async open(
    specifiers: readonly string[],
    from: string,
    host: (name: string) => Host,
  ): Promise<PluginRegistry> {
    await using opened = new AsyncDisposableStack();
    const plugins = new Map<string, LoadedPlugin>();
    for (const specifier of specifiers) {
      const loaded = await loadPlugin(specifier, from, host);
      opened.use(loaded.shared);
      const { name } = loaded.plugin;
      if (plugins.has(name)) throw new PluginLoadError(`two plugins bear the name ${name}`);
      plugins.set(name, loaded);
    }
    return new PluginRegistry(plugins, opened.move());
  }

  get(name: string): LoadedPlugin | undefined {
    return this.plugins.get(name);
  }

  all(): readonly LoadedPlugin[] {
    return [...this.plugins.values()];
  }

  /** @throws what a plugin threw when it was closed; the others are closed all the same. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.opened.disposeAsync();
  }
}

import type { Host, Plugin } from '@parsimony/contract';
import type { LoadedPlugin } from './loaded-plugin.js';
import { PluginLoadError } from './manifest.js';
import type { PluginCatalogue } from './plugin-catalogue.js';

/** What a plugin is opened with. */
type HostFor = (plugin: Plugin) => Host | Promise<Host>;

/** The plugins of a deployment, opened; closed again in reverse order. */
export class PluginRegistry implements AsyncDisposable {
  private constructor(
    private readonly plugins: ReadonlyMap<string, LoadedPlugin>,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @throws PluginLoadError at the first plugin that does not open; those already open are closed again. */
  static async open(catalogue: PluginCatalogue, hostFor: HostFor): Promise<PluginRegistry> {
    await using opened = new AsyncDisposableStack();
    const plugins = new Map<string, LoadedPlugin>();
    for (const imported of catalogue.all()) {
      const { plugin, packageName } = imported;
      const shared = await open(plugin, packageName, hostFor);
      opened.use(shared);
      plugins.set(plugin.name, { ...imported, shared });
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

async function open(plugin: Plugin, packageName: string, hostFor: HostFor): Promise<AsyncDisposable> {
  try {
    return await plugin.open(await hostFor(plugin));
  } catch (error) {
    throw new PluginLoadError(`${packageName} did not open`, { cause: error });
  }
}

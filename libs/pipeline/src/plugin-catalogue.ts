import type { ImportedPlugin } from './loaded-plugin.js';
import { importPlugin } from './loader.js';
import { PluginLoadError } from './manifest.js';

/**
 * The plugins that a deployment lists, imported and not opened: enough to hold tenants' documents against their schemas
 * and to run their migrations.
 */
export class PluginCatalogue {
  private constructor(private readonly plugins: ReadonlyMap<string, ImportedPlugin>) {}

  /**
   * @param specifiers npm names (`@acme/plugin`), or paths that begin with `.` or `/`.
   * @param from the folder from which names and relative paths are resolved.
   * @throws PluginLoadError at the first plugin that does not load, and where two bear one name.
   */
  static async load(specifiers: readonly string[], from: string): Promise<PluginCatalogue> {
    const plugins = new Map<string, ImportedPlugin>();
    for (const specifier of specifiers) {
      const imported = await importPlugin(specifier, from);
      const { name } = imported.plugin;
      if (plugins.has(name)) throw new PluginLoadError(`two plugins bear the name ${name}`);
      plugins.set(name, imported);
    }
    return new PluginCatalogue(plugins);
  }

  get(name: string): ImportedPlugin | undefined {
    return this.plugins.get(name);
  }

  /** In the deployment's order. */
  all(): readonly ImportedPlugin[] {
    return [...this.plugins.values()];
  }
}

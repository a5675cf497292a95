import { createDataSource, migratePlugin } from '@parsimony/persistence';
import type { PluginCatalogue } from '@parsimony/pipeline';

/**
 * Brings the tables of plugins up to date, behind the core's migrations, or exactly so far.
 *
 * @param upTo by plugin, the migrations that may run; of a plugin that is not in it none. All by default.
 * @returns those that ran, such as `semantic-cache/0001-entries`, in order.
 * @throws DatabaseUnavailable, PluginMigrationRefused
 */
export async function migratePlugins(
  databaseUrl: string,
  plugins: PluginCatalogue,
  upTo?: ReadonlyMap<string, readonly string[]>,
): Promise<readonly string[]> {
  const dataSource = createDataSource(databaseUrl, { applicationName: 'parsimony-migrate' });
  const ran: string[] = [];
  for (const { plugin } of plugins.all()) {
    const names = await migratePlugin(dataSource, plugin, upTo && (upTo.get(plugin.name) ?? []));
    ran.push(...names.map((name) => `${plugin.name}/${name}`));
  }
  return ran;
}

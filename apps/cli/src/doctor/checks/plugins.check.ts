import { PluginMigrationRefused } from '@parsimony/persistence';
import { PluginLoadError, type PluginCatalogue } from '@parsimony/pipeline';
import { loadPlugins } from '../../database/load-plugins.js';
import { pluginMigrationStates } from '../../database/plugin-migration-state.js';
import { fail, ok, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'plugins';

/** Whether the plugins that the deployment lists can be loaded, and their tables are those that they expect. */
export async function checkPlugins({ environment, database }: Patient): Promise<readonly Finding[]> {
  let plugins: PluginCatalogue;
  try {
    plugins = await loadPlugins(environment);
  } catch (error) {
    if (!(error instanceof PluginLoadError)) throw error;
    return [fail(CHECK, error.message, 'mend PARSIMONY_PLUGINS, or install what it names')];
  }
  const loaded = ok(CHECK, `${plugins.all().length} can be loaded: ${namesOf(plugins)}`);
  if (!database) return [loaded];
  try {
    const states = await pluginMigrationStates(database, plugins);
    const pending = states.flatMap((state) => state.pending.map((name) => `${state.plugin}/${name}`));
    if (pending.length === 0) return [loaded];
    const message = `${pending.length} migrations are pending: ${pending.join(', ')}`;
    return [loaded, fail(CHECK, message, 'run `parsimony migrate`')];
  } catch (error) {
    if (!(error instanceof PluginMigrationRefused)) throw error;
    return [loaded, fail(CHECK, error.message, 'install the version of the plugin that migrated the database')];
  }
}

function namesOf(plugins: PluginCatalogue): string {
  return plugins
    .all()
    .map(({ plugin, version }) => `${plugin.name} ${version}`)
    .join(', ');
}

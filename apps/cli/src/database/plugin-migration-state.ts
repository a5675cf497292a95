import { pendingMigrations, PLUGIN_MIGRATION_TABLE, pluginSchema, type RanMigration } from '@parsimony/persistence';
import type { PluginCatalogue } from '@parsimony/pipeline';
import type { Queryable } from './migration-state.js';

/** How far a plugin's tables are migrated. */
export interface PluginMigrationState {
  readonly plugin: string;
  readonly schema: string;
  /** In the order in which they ran. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** Of every plugin that has migrations. @throws PluginMigrationRefused where a plugin and the database disagree. */
export async function pluginMigrationStates(
  database: Queryable,
  plugins: PluginCatalogue,
): Promise<readonly PluginMigrationState[]> {
  const states: PluginMigrationState[] = [];
  for (const { plugin } of plugins.all()) {
    const { name, migrations = [] } = plugin;
    if (migrations.length === 0) continue;
    const schema = pluginSchema(name);
    const ran = await ranIn(database, schema);
    const pending = pendingMigrations(name, migrations, ran).map((migration) => migration.name);
    states.push({ plugin: name, schema, applied: ran.map((migration) => migration.name), pending });
  }
  return states;
}

/** The migrations of all plugins that have ever run there, loaded here or not, by schema. */
export async function ranPluginMigrations(database: Queryable): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await database.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname LIKE 'plugin\\_%' AND c.relname = $1 ORDER BY 1`,
    [PLUGIN_MIGRATION_TABLE],
  );
  const ran = new Map<string, readonly string[]>();
  for (const { schema } of rows)
    ran.set(
      schema,
      (await ranIn(database, schema)).map(({ name }) => name),
    );
  return ran;
}

async function ranIn(database: Queryable, schema: string): Promise<readonly RanMigration[]> {
  const memory = `${schema}.${PLUGIN_MIGRATION_TABLE}`;
  const { rows } = await database.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [memory]);
  if (!rows[0]?.exists) return [];
  return (await database.query<RanMigration>(`SELECT name, checksum FROM ${memory} ORDER BY position`)).rows;
}

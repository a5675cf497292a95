import type { Plugin, PluginDatabase } from '@parsimony/contract';
import { NoticeListener } from '../notices/notice-listener.js';
import { migratePlugin } from '../plugins/migrate-plugin.js';
import { openPluginDatabase } from '../plugins/plugin-database.js';
import { PLUGIN_MIGRATION_TABLE, pluginSchema } from '../plugins/plugin-schema.js';
import { startTestDatabase, type TestDatabase } from './start-test-database.js';
import { SILENT } from './test-server.js';

/** A plugin's tables on a real PostgreSQL, and the capability as a host hands it over. */
export interface PluginTestDatabase extends AsyncDisposable {
  readonly database: TestDatabase;
  /** Of a first gateway. */
  readonly capability: PluginDatabase;
  /** The same as another gateway has it, with connections of its own; closed with the rest. */
  another(): PluginDatabase;
  /** Tables that let one tenant see another's rows: to be none. */
  openTables(): Promise<readonly string[]>;
}

/** A fresh database with the core's tables and a plugin's, for a spec. */
export async function startPluginDatabase(plugin: Pick<Plugin, 'name' | 'migrations'>): Promise<PluginTestDatabase> {
  await using opened = new AsyncDisposableStack();
  const database = await startTestDatabase();
  opened.defer(() => database.stop());
  await migratePlugin(database.dataSource, plugin);
  const another = (): PluginDatabase => {
    const options = { url: database.url, log: SILENT };
    const notices = kept.use(new NoticeListener({ ...options, applicationName: `${plugin.name} notices` }));
    return kept.use(openPluginDatabase({ ...options, pluginName: plugin.name, notices }));
  };
  const kept = opened.move();
  return {
    database,
    capability: another(),
    another,
    openTables: () => openPluginTables(database, plugin.name),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function openPluginTables({ dataSource }: TestDatabase, pluginName: string): Promise<readonly string[]> {
  const open = await dataSource.query<{ name: string }[]>(OPEN_TABLES, [
    pluginSchema(pluginName),
    PLUGIN_MIGRATION_TABLE,
  ]);
  return open.map(({ name }) => name);
}

/** Tables without row-level security, or without a policy that names the tenant in its condition. */
const OPEN_TABLES = `
SELECT relname AS name FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = $1::regnamespace AND relname <> $2
   AND NOT (relrowsecurity AND EXISTS (
     SELECT FROM pg_policy WHERE polrelid = pg_class.oid
        AND pg_get_expr(polqual, polrelid) LIKE '%current_tenant_id()%'))
 ORDER BY 1`;

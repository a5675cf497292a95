import type { Plugin } from '@parsimony/contract';
import type { DataSource, QueryRunner } from 'typeorm';
import { withMigrationLock } from '../migration-lock.js';
import { checksumOf, pendingMigrations, type RanMigration } from './plugin-migrations.js';
import { PLUGIN_MIGRATION_TABLE, pluginSchema } from './plugin-schema.js';

/**
 * Brings a plugin's tables up to date in a schema of its own, behind the core's migrations. Processes that start together
 * take turns. Each migration runs in one transaction, so that one that breaks leaves nothing behind.
 *
 * @param dataSource connected or not
 * @param upTo the migrations that may run, by name; all by default.
 * @returns the names of the migrations that ran, in order.
 * @throws PluginMigrationRefused where one that ran was changed or is missing; RangeError for a name that no schema can
 * bear; DatabaseUnavailable; PostgreSQL's error where it refuses a statement.
 */
export async function migratePlugin(
  dataSource: DataSource,
  { name: pluginName, migrations = [] }: Pick<Plugin, 'name' | 'migrations'>,
  upTo?: readonly string[],
): Promise<readonly string[]> {
  if (migrations.length === 0) return [];
  const schema = pluginSchema(pluginName);
  return withMigrationLock(dataSource, async (_migrator, runner) => {
    const ran = await ranIn(runner, schema);
    const pending = pendingMigrations(pluginName, migrations, ran).filter(({ name }) => upTo?.includes(name) ?? true);
    // A gateway whose database user may make no schema starts all the same where somebody else has migrated.
    if (pending.length > 0) await runner.query(MEMORY.replaceAll('SCHEMA_NAME', schema));
    for (const [index, { name, statements, ...rest }] of pending.entries()) {
      await inTransaction(runner, async () => {
        await runner.query(BEFORE_ALL_OTHERS, [schema]);
        for (const statement of statements) await runner.query(statement);
        await runner.query(
          `INSERT INTO ${schema}.${PLUGIN_MIGRATION_TABLE} (position, name, checksum) VALUES ($1, $2, $3)`,
          [ran.length + index, name, checksumOf({ name, statements, ...rest })],
        );
      });
    }
    return pending.map(({ name }) => name);
  });
}

async function ranIn(runner: QueryRunner, schema: string): Promise<readonly RanMigration[]> {
  const memory = `${schema}.${PLUGIN_MIGRATION_TABLE}`;
  const [found] = (await runner.query('SELECT to_regclass($1) IS NOT NULL AS exists', [memory])) as {
    exists: boolean;
  }[];
  if (!found?.exists) return [];
  return (await runner.query(`SELECT name, checksum FROM ${memory} ORDER BY position`)) as readonly RanMigration[];
}

/** The core's schema stays in reach: plugins' policies call `current_tenant_id()`. */
const BEFORE_ALL_OTHERS = `
SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), true)`;

const MEMORY = `
CREATE SCHEMA IF NOT EXISTS SCHEMA_NAME;
GRANT USAGE ON SCHEMA SCHEMA_NAME TO parsimony_tenant;
CREATE TABLE IF NOT EXISTS SCHEMA_NAME.${PLUGIN_MIGRATION_TABLE} (
  position integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  checksum text NOT NULL,
  ran_at timestamptz NOT NULL DEFAULT now()
)`;

async function inTransaction(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  await runner.startTransaction();
  try {
    await work();
    await runner.commitTransaction();
  } catch (error) {
    // Of a connection that broke the first error tells more than that of the rollback.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

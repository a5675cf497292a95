import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import type { PluginCatalogue } from '@parsimony/pipeline';
import { from as copyFrom } from 'pg-copy-streams';
import { BadInput, CommandFailed } from '../cli/exit-code.js';
import { connect } from '../database/connect.js';
import { migrationState } from '../database/migration-state.js';
import { pluginMigrationStates } from '../database/plugin-migration-state.js';
import { migratePlugins } from '../migrate/migrate-plugins.js';
import { migrateTo } from '../migrate/migrate-to.js';
import { membersOf, verifyArchive, type Member } from './archive-reader.js';
import type { ArchivedTable, Manifest } from './manifest.js';
import { setSequences } from './sequences.js';
import { columnList, qualified, quoted, tablesInOrder, type Table } from './tables.js';

/**
 * Fills an empty database from a backup, wholly or not at all. A database without any tables is first migrated to where
 * the backup was made, and then to this release, so that later migrations find the old data; one that is migrated
 * already must stand where the backup does.
 *
 * @returns the manifest, and the migrations that ran afterwards.
 * @throws BadInput where the file is not whole, or the database holds data or stands elsewhere; nothing was changed then.
 */
export async function restore(
  databaseUrl: string,
  path: string,
  plugins: PluginCatalogue,
): Promise<{ readonly manifest: Manifest; readonly migrated: readonly string[] }> {
  const manifest = await verifyArchive(path);
  const client = await connect(databaseUrl, 'parsimony-restore');
  try {
    await bringTo(client, databaseUrl, manifest);
    await bringPluginsTo(client, databaseUrl, manifest, plugins);
    await load(client, path, manifest);
  } finally {
    await client.end().catch(() => undefined);
  }
  return { manifest, migrated: [...(await migrateTo(databaseUrl)), ...(await migratePlugins(databaseUrl, plugins))] };
}

async function bringTo(client: pg.Client, databaseUrl: string, { migrations }: Manifest): Promise<void> {
  const before = await migrationState(client);
  const strange = migrations.filter((name) => !before.applied.includes(name) && !before.pending.includes(name));
  if (strange.length > 0) {
    throw new BadInput(
      `the backup was made by a later release, which has ${strange.join(', ')}; restore it with that one`,
    );
  }
  if (before.applied.length === 0) {
    await migrateTo(databaseUrl, migrations);
    return;
  }
  const ahead = before.applied.filter((name) => !migrations.includes(name));
  const behind = migrations.filter((name) => !before.applied.includes(name));
  if (ahead.length + behind.length > 0) {
    const difference = ahead.length > 0 ? `has run ${ahead.join(', ')}` : `has not run ${behind.join(', ')}`;
    throw new BadInput(
      `the database ${difference}, unlike the one that was backed up; restore into a database without tables, which is then migrated in the right order`,
    );
  }
}

/** Tables of plugins are made as those were that were backed up, so that a plugin's later migrations find the old data. */
async function bringPluginsTo(
  client: pg.Client,
  databaseUrl: string,
  manifest: Manifest,
  plugins: PluginCatalogue,
): Promise<void> {
  const states = await pluginMigrationStates(client, plugins);
  const upTo = new Map<string, readonly string[]>();
  for (const { schema, migrations } of manifest.plugins) {
    const state = states.find((each) => each.schema === schema);
    if (!state) throw new BadInput(`the backup has tables of a plugin that PARSIMONY_PLUGINS does not list: ${schema}`);
    const known = [...state.applied, ...state.pending];
    const strange = migrations.find((name) => !known.includes(name));
    if (strange !== undefined) throw new BadInput(`the plugin ${state.plugin} here has no migration ${strange}`);
    const ahead = state.applied.find((name) => !migrations.includes(name));
    if (ahead !== undefined)
      throw new BadInput(`the database has run ${state.plugin}/${ahead}, unlike the one that was backed up`);
    upTo.set(state.plugin, migrations);
  }
  await migratePlugins(databaseUrl, plugins, upTo);
}

/** In one transaction: whatever goes wrong, the database is as empty as before. */
async function load(client: pg.Client, path: string, manifest: Manifest): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'; SET LOCAL row_security = off`);
    const present = await tablesInOrder(client);
    const tables = manifest.tables.map((table) => matching(table, present));
    for (const table of present) await lockEmpty(client, table);
    for (const table of tables) await makePartitions(client, table);
    // Data is written as it was: triggers would stamp it with the time of this moment, and tell gateways row by row.
    for (const table of present) await client.query(`ALTER TABLE ${qualified(table)} DISABLE TRIGGER USER`);
    await copyIn(client, path, tables);
    for (const table of tables) await proveCount(client, table);
    // Foreign keys are checked by now: their triggers are the system's own and were never off.
    for (const table of present) await client.query(`ALTER TABLE ${qualified(table)} ENABLE TRIGGER USER`);
    await setSequences(client, manifest.sequences);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function matching(archived: ArchivedTable, present: readonly Table[]): ArchivedTable {
  const table = present.find(({ schema, name }) => schema === archived.schema && name === archived.name);
  if (!table) {
    throw new BadInput(
      `the backup has a table ${qualified(archived)} that the database lacks; is its plugin installed?`,
    );
  }
  const lacking = archived.columns.filter((column) => !table.columns.includes(column));
  if (lacking.length > 0) throw new BadInput(`${qualified(archived)} has no column ${lacking.join(', ')} here`);
  return archived;
}

/** Until the end of the transaction nobody else writes, so that empty stays empty. */
async function lockEmpty(client: pg.Client, table: Table): Promise<void> {
  await client.query(`LOCK TABLE ${qualified(table)} IN SHARE ROW EXCLUSIVE MODE`);
  const { rows } = await client.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${qualified(table)}) AS filled`);
  if (rows[0]?.filled) {
    throw new BadInput(`${qualified(table)} is not empty; a backup goes into an empty database, never over another`);
  }
}

/** Months of the ledger: each table that has partitions has a function that makes the one of a moment. */
async function makePartitions(client: pg.Client, table: ArchivedTable): Promise<void> {
  for (const partition of table.partitions) {
    const [, year, month] = /_(\d{4})_(\d{2})$/.exec(partition) ?? [];
    if (year === undefined) throw new CommandFailed(`the partition ${partition} names no month`);
    await client.query(`SELECT ${quoted(`ensure_${table.name}_partition`)}($1::timestamptz)`, [`${year}-${month}-01Z`]);
  }
}

async function copyIn(client: pg.Client, path: string, tables: readonly ArchivedTable[]): Promise<void> {
  const members = membersOf(path);
  try {
    for (const table of tables) {
      const sink = client.query(copyFrom(`COPY ${qualified(table)} (${columnList(table)}) FROM STDIN`));
      await pipeline(rowsOf(table, members), sink);
    }
  } finally {
    await members.return(undefined);
  }
}

async function* rowsOf(table: ArchivedTable, members: AsyncGenerator<Member, void>): AsyncGenerator<Buffer> {
  for (const { name } of table.members) {
    const { value, done } = await members.next();
    if (done || value.name !== name) throw new CommandFailed('the backup was changed while it was read');
    yield* value.content;
  }
}

async function proveCount(client: pg.Client, table: ArchivedTable): Promise<void> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*)::text AS count FROM ${qualified(table)}`);
  if (rows[0]?.count !== String(table.rows)) {
    throw new CommandFailed(`${qualified(table)} would have ${rows[0]?.count} rows instead of ${table.rows}`);
  }
}

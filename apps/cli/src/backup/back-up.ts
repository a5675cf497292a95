import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { connect } from '../database/connect.js';
import { migrationState } from '../database/migration-state.js';
import { ranPluginMigrations } from '../database/plugin-migration-state.js';
import { CommandFailed } from '../cli/exit-code.js';
import { ArchiveWriter } from './archive-writer.js';
import { FORMAT, MANIFEST_MEMBER, type ArchivedTable, type Manifest } from './manifest.js';
import { readSequences } from './sequences.js';
import { columnList, qualified, tablesInOrder, type Table } from './tables.js';

/** Values as text that reads back to the very same values, whatever the server's or the user's settings are. */
const EXACT_TEXT = `
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s'`;

/**
 * Writes everything that the database holds of one moment into one file: a gzipped tar with each table in COPY text format
 * and a manifest. Work goes on meanwhile. Secrets stay as they are in the database: hashed or sealed.
 *
 * @param path must not exist; it appears when the archive is whole.
 * @throws CommandFailed where the database user does not see every row.
 */
export async function backUp(databaseUrl: string, path: string): Promise<Manifest> {
  const client = await connect(databaseUrl, 'parsimony-backup');
  const archive = new ArchiveWriter(path);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(EXACT_TEXT);
    // Rows that row-level security hides would be missing in silence; so the server refuses instead.
    await client.query('SET LOCAL row_security = off');
    const { applied } = await migrationState(client);
    if (applied.length === 0) throw new CommandFailed('the database is empty: there is nothing to back up');
    const plugins = await ranPluginMigrations(client);
    const tables: ArchivedTable[] = [];
    for (const table of await tablesInOrder(client)) tables.push(await archiveTable(client, table, archive));
    const { rows } = await client.query<{ postgres: string }>(`SELECT current_setting('server_version') AS postgres`);
    const manifest: Manifest = {
      format: FORMAT,
      createdAt: new Date().toISOString(),
      postgres: rows[0]?.postgres ?? '',
      migrations: [...applied],
      plugins: [...plugins].map(([schema, migrations]) => ({ schema, migrations: [...migrations] })),
      tables,
      sequences: await readSequences(client),
    };
    await client.query('COMMIT');
    await archive.add(MANIFEST_MEMBER, Buffer.from(JSON.stringify(manifest, null, 1)));
    await archive.finish();
    return manifest;
  } catch (error) {
    await archive.abandon();
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function archiveTable(client: pg.Client, table: Table, archive: ArchiveWriter): Promise<ArchivedTable> {
  // COPY by a query: COPY by a table's name leaves partitions out.
  const source = client.query(copyTo(`COPY (SELECT ${columnList(table)} FROM ${qualified(table)}) TO STDOUT`));
  let rows = 0;
  const counted = async function* (): AsyncIterable<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      // In this format a line feed ends a row and stands nowhere else.
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows += 1;
      yield chunk;
    }
  };
  const members = await archive.addStream(`tables/${table.schema}.${table.name}`, counted());
  const { schema, name, columns, partitions } = table;
  return { schema, name, columns: [...columns], partitions: [...partitions], rows, members };
}

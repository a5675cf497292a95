import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../src/doctor/finding.js';
import { commandLine, type Ran } from './command-line.js';
import { emptyDatabaseBeside } from './fresh-database.js';

const PARSIMONY_PLUGINS = fileURLToPath(new URL('fixtures/tabled-plugin', import.meta.url));
const TENANT = '01990000-0000-7000-8000-00000000000a';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await startTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'parsimony-plugin-tables-'));
});
afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

type Run = (...words: readonly string[]) => Promise<Ran>;

async function fresh(name: string): Promise<{ url: string; run: Run }> {
  const url = await emptyDatabaseBeside(database.url, name);
  return { url, run: commandLine({ DATABASE_URL: url, PARSIMONY_HOME: folder, PORT: '0', PARSIMONY_PLUGINS }) };
}

async function sql<Row extends object>(url: string, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

async function findings(run: Run, check: string): Promise<Finding[]> {
  const { out } = await run('doctor', '--json');
  return (JSON.parse(out) as Finding[]).filter((finding) => finding.check === check);
}

describe('tables of plugins', () => {
  it('are made by `migrate` behind those of the core, and awaited by `--check`', async () => {
    const { run } = await fresh('plugin_migrated');
    const before = await run('migrate', '--check');
    expect(before).toMatchObject({ code: 1, out: expect.stringMatching(/\npending tabled\/0001-note$/) });
    expect(await run('migrate')).toMatchObject({ code: 0, out: expect.stringMatching(/\nran tabled\/0001-note\n/) });
    expect(await run('migrate')).toMatchObject({ code: 0, out: 'the database is up to date' });
    expect(await run('migrate', '--check')).toMatchObject({ code: 0 });
  });

  it('that are pending, changed or without walls are found by `doctor`', async () => {
    const { url, run } = await fresh('plugin_examined');
    await commandLine({ DATABASE_URL: url, PARSIMONY_HOME: folder, PARSIMONY_PLUGINS: ' ' })('migrate');
    expect(await findings(run, 'plugins')).toEqual([
      expect.objectContaining({ severity: 'ok', message: '1 can be loaded: tabled 0.0.1' }),
      expect.objectContaining({ severity: 'fail', message: expect.stringContaining('tabled/0001-note') }),
    ]);
    await run('migrate');
    expect(await findings(run, 'plugins')).toEqual([expect.objectContaining({ severity: 'ok' })]);
    await sql(url, 'DROP POLICY tenant_wall ON plugin_tabled.note');
    expect(await findings(run, 'tenant walls')).toEqual([
      expect.objectContaining({ severity: 'fail', message: expect.stringContaining('plugin_tabled.note') }),
    ]);
    await sql(url, `UPDATE plugin_tabled.plugin_migration SET checksum = 'another'`);
    expect(await findings(run, 'plugins')).toContainEqual(
      expect.objectContaining({ severity: 'fail', message: expect.stringContaining('has changed its migration') }),
    );
    expect(await run('migrate')).toMatchObject({ code: 1, err: expect.stringContaining('has changed its migration') });
  });

  it('come back from a backup with their rows and the memory of what ran', async () => {
    const [from, to] = [await fresh('plugin_backed_up'), await fresh('plugin_restored')];
    await from.run('migrate');
    await sql(from.url, 'INSERT INTO plugin_tabled.note (tenant_id, text) VALUES ($1, $2)', [TENANT, 'заметка']);
    const file = join(folder, 'plugin.backup');
    expect(await from.run('backup', file)).toMatchObject({ code: 0 });
    const without = commandLine({ DATABASE_URL: to.url, PARSIMONY_HOME: folder, PARSIMONY_PLUGINS: ' ' });
    expect(await without('restore', file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('PARSIMONY_PLUGINS does not list: plugin_tabled'),
    });
    expect(await to.run('restore', file)).toMatchObject({ code: 0 });
    const rows = await sql(to.url, 'SELECT tenant_id, id, text FROM plugin_tabled.note');
    expect(rows).toEqual([{ tenant_id: TENANT, id: '1', text: 'заметка' }]);
    expect(await to.run('migrate', '--check')).toMatchObject({ code: 0 });
    await sql(to.url, 'INSERT INTO plugin_tabled.note (tenant_id) VALUES ($1)', [TENANT]);
  });
});

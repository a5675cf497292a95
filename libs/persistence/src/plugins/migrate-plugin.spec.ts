import type { PluginMigration } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/index.js';
import { migratePlugin } from './migrate-plugin.js';
import { PluginMigrationRefused } from './plugin-migrations.js';
import { pluginSchema } from './plugin-schema.js';

const ENTRIES: PluginMigration = {
  name: '0001-entries',
  statements: [
    'CREATE TABLE entry (tenant_id uuid NOT NULL, id int NOT NULL, text text, PRIMARY KEY (tenant_id, id))',
    'ALTER TABLE entry ENABLE ROW LEVEL SECURITY',
    `CREATE POLICY tenant_wall ON entry TO parsimony_tenant USING (tenant_id = current_tenant_id())`,
    'GRANT SELECT, INSERT ON entry TO parsimony_tenant',
  ],
};
const HITS: PluginMigration = { name: '0002-hits', statements: ['ALTER TABLE entry ADD COLUMN hits int'] };

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

let made = 0;
/** Each spec has a plugin of its own, in the one database. */
const aName = (): string => `sample-cache-${++made}`;

const migrateTo = (name: string, ...migrations: readonly PluginMigration[]) =>
  migratePlugin(database.dataSource, { name, migrations });

async function tablesOf(name: string): Promise<string[]> {
  const rows = await database.dataSource.query<{ relname: string }[]>(
    `SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND relkind = 'r' ORDER BY 1`,
    [pluginSchema(name)],
  );
  return rows.map(({ relname }) => relname);
}

describe('migratePlugin', () => {
  it('makes the tables in a schema of their own, each migration once, however many gateways start together', async () => {
    const name = aName();
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrateTo(name, ENTRIES)));
    expect(ran.flat()).toEqual(['0001-entries']);
    expect(await tablesOf(name)).toEqual(['entry', 'plugin_migration']);
    expect(await migrateTo(name, ENTRIES, HITS)).toEqual(['0002-hits']);
    expect(await migrateTo(name, ENTRIES, HITS)).toEqual([]);
  });

  it('goes exactly so far', async () => {
    const plugin = { name: aName(), migrations: [ENTRIES, HITS] };
    expect(await migratePlugin(database.dataSource, plugin, ['0001-entries'])).toEqual(['0001-entries']);
    expect(await migratePlugin(database.dataSource, plugin)).toEqual(['0002-hits']);
  });

  it('leaves nothing of a migration that breaks, and those before it as they are', async () => {
    const name = aName();
    const broken = { name: '0002-broken', statements: ['CREATE TABLE half (id int)', 'CREATE TABEL other (id int)'] };
    await expect(migrateTo(name, ENTRIES, broken)).rejects.toThrow(/syntax error/);
    expect(await tablesOf(name)).toEqual(['entry', 'plugin_migration']);
    expect(await migrateTo(name, ENTRIES, HITS)).toEqual(['0002-hits']);
  });

  it.each<[string, readonly PluginMigration[], RegExp]>([
    ['was changed', [{ ...ENTRIES, statements: ['SELECT 1'] }, HITS], /has changed its migration 0001-entries/],
    ['is missing', [HITS], /lacks its migration 0001-entries/],
    ['stands elsewhere', [HITS, ENTRIES], /lacks its migration 0001-entries: where it ran there is now 0002-hits/],
    ['came from a later version', [ENTRIES], /lacks its migration 0002-hits: a later version/],
    ['is there twice', [ENTRIES, HITS, HITS], /two migrations of one name/],
  ])('refuses to go on where one that ran %s', async (_, migrations, reason) => {
    const name = aName();
    await migrateTo(name, ENTRIES, HITS);
    const refusal = await migrateTo(name, ...migrations).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PluginMigrationRefused);
    expect(String(refusal)).toMatch(reason);
  });

  it('does nothing for a plugin without tables', async () => {
    const name = aName();
    expect(await migratePlugin(database.dataSource, { name })).toEqual([]);
    expect(await tablesOf(name)).toEqual([]);
  });

  it.each(['Capital', 'x; DROP TABLE usage', 'a'.repeat(56), ''])(
    'takes no name that is no schema: %s',
    async (name) => {
      await expect(migrateTo(name, ENTRIES)).rejects.toBeInstanceOf(RangeError);
    },
  );
});

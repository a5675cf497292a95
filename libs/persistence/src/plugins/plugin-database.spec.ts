import { DatabaseUnavailable, type PluginMigration } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPluginDatabase, type PluginTestDatabase } from '../testing/index.js';

const [HERE, THERE] = ['01990000-0000-7000-8000-00000000000a', '01990000-0000-7000-8000-00000000000b'] as const;
const migrations: readonly PluginMigration[] = [
  {
    name: '0001-entries',
    statements: [
      `CREATE TABLE entry (tenant_id uuid NOT NULL, id int NOT NULL, text text, bytes bytea, keys bytea[], detail jsonb,
         PRIMARY KEY (tenant_id, id))`,
      'ALTER TABLE entry ENABLE ROW LEVEL SECURITY',
      `CREATE POLICY tenant_wall ON entry TO parsimony_tenant
         USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id())`,
      'GRANT SELECT, INSERT ON entry TO parsimony_tenant',
    ],
  },
];

let plugin: PluginTestDatabase;
beforeAll(async () => {
  plugin = await startPluginDatabase({ name: 'sample-cache', migrations });
  const { query } = plugin.capability;
  for (const tenantId of [HERE, THERE])
    await query('INSERT INTO entry (tenant_id, id, text) VALUES ($1, 1, $2)', [tenantId, `запись ${tenantId}`]);
});
afterAll(() => plugin[Symbol.asyncDispose]());

/** Waits until what was heard meets it. */
const until = (met: () => void) => vi.waitFor(met, { timeout: 10_000, interval: 20 });

describe('statements', () => {
  it("find the plugin's tables first, and the core's behind them", async () => {
    const rows = await plugin.capability.query<{ schema: string }>(
      'SELECT current_schema() AS schema FROM tenant LIMIT 0',
    );
    expect(rows).toEqual([]);
    expect(await plugin.capability.query('SELECT current_schema() AS schema')).toEqual([
      { schema: 'plugin_sample_cache' },
    ]);
  });

  it('take bytes, lists of bytes, JSON and bigint as they are', async () => {
    const bytes = new Uint8Array([0, 1, 255]);
    const values = [HERE, 2, bytes, [bytes, new Uint8Array()], { ключ: ['значение'] }];
    await plugin.capability.query(
      'INSERT INTO entry (tenant_id, id, bytes, keys, detail) VALUES ($1, $2, $3, $4, $5)',
      values,
    );
    const [row] = await plugin.capability.query(
      'SELECT bytes, keys, detail, $1::bigint AS big FROM entry WHERE id = 2',
      [9_007_199_254_740_993n],
    );
    expect(row).toEqual({
      bytes: Buffer.from(bytes),
      keys: [Buffer.from(bytes), Buffer.alloc(0)],
      detail: { ключ: ['значение'] },
      big: '9007199254740993',
    });
  });
});

describe('work as a tenant', () => {
  const texts = () =>
    plugin.capability.asTenant(HERE, async (sql) => sql<{ text: string }>('SELECT text FROM entry WHERE id = 1'));

  it("sees the tenant's rows only, where a statement forgets to name it", async () => {
    expect(await texts()).toEqual([{ text: `запись ${HERE}` }]);
  });

  it("takes no row of another tenant's, and rolls back all that it did", async () => {
    const smuggling = plugin.capability.asTenant(HERE, async (sql) => {
      await sql('INSERT INTO entry (tenant_id, id) VALUES ($1, 3)', [HERE]);
      await sql('INSERT INTO entry (tenant_id, id) VALUES ($1, 3)', [THERE]);
    });
    await expect(smuggling).rejects.toThrow(/row-level security/);
    expect(await plugin.capability.query('SELECT FROM entry WHERE id = 3')).toEqual([]);
  });

  it('leaves no walls behind for the next statement', async () => {
    await Promise.allSettled(Array.from({ length: 8 }, texts));
    const statements = Array.from({ length: 8 }, () => plugin.capability.query('SELECT text FROM entry WHERE id = 1'));
    for (const rows of await Promise.all(statements)) expect(rows).toHaveLength(2);
  });
});

describe('openTables', () => {
  it('finds a table without walls, and those alone', async () => {
    expect(await plugin.openTables()).toEqual([]);
    await plugin.capability.query('CREATE TABLE forgotten (tenant_id uuid)');
    expect(await plugin.openTables()).toEqual(['forgotten']);
    await plugin.capability.query('ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY');
    await plugin.capability.query('CREATE POLICY wide ON forgotten TO parsimony_tenant USING (true)');
    expect(await plugin.openTables()).toEqual(['forgotten']);
    await plugin.capability.query('DROP TABLE forgotten');
  });
});

describe('notices', () => {
  it('reach every gateway that listens, until it listens no more', async () => {
    const other = plugin.another();
    const heard: (string | null)[][] = [[], []];
    using first = plugin.capability.listen('purge', (payload) => heard[0]?.push(payload));
    using _second = other.listen('purge', (payload) => heard[1]?.push(payload));
    using _elsewhere = other.listen('learnt', (payload) => payload && expect.unreachable(payload));
    await until(() => expect(heard).toEqual([[null], [null]]));
    await plugin.capability.notify('purge', 'забудь');
    await until(() =>
      expect(heard).toEqual([
        [null, 'забудь'],
        [null, 'забудь'],
      ]),
    );
    first[Symbol.dispose]();
    await other.notify('purge', 'ещё раз');
    await until(() => expect(heard[1]).toHaveLength(3));
    expect(heard[0]).toHaveLength(2);
  });

  it('say null when the connection was made anew', async () => {
    const heard: (string | null)[] = [];
    using _listening = plugin.capability.listen('lost', (payload) => heard.push(payload));
    await until(() => expect(heard).toEqual([null]));
    await plugin.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'sample-cache notices' AND datname = current_database()`,
    );
    await until(() => expect(heard.length).toBeGreaterThan(1));
    await plugin.capability.notify('lost', 'found');
    await until(() => expect(heard.at(-1)).toBe('found'));
  });

  it('go on to the others where one who hears breaks', async () => {
    const heard: (string | null)[] = [];
    using _broken = plugin.capability.listen('shared', () => {
      throw new Error('broken');
    });
    using _whole = plugin.capability.listen('shared', (payload) => heard.push(payload));
    await until(() => expect(heard).toEqual([null]));
    await plugin.capability.notify('shared', 'heard');
    await until(() => expect(heard).toEqual([null, 'heard']));
  });

  it.each(['Purge', 'a-b', 'x'.repeat(32), "a'; DROP TABLE entry; --"])('have no channel %s', async (channel) => {
    expect(() => plugin.capability.listen(channel, () => undefined)).toThrow(RangeError);
    await expect(plugin.capability.notify(channel, '')).rejects.toBeInstanceOf(RangeError);
  });

  it('are 7,000 bytes long at most', async () => {
    await plugin.capability.notify('purge', 'x'.repeat(7_000));
    await expect(plugin.capability.notify('purge', 'ж'.repeat(3_501))).rejects.toBeInstanceOf(RangeError);
  });
});

it('says that the database is away, and goes on when it is back', async () => {
  const { capability, database } = plugin;
  const heard: (string | null)[] = [];
  using _listening = capability.listen('outage', (payload) => heard.push(payload));
  await until(() => expect(heard).toEqual([null]));
  await database.stopServer();
  await expect(capability.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
  await expect(capability.asTenant(HERE, (sql) => sql('SELECT 1'))).rejects.toBeInstanceOf(DatabaseUnavailable);
  await expect(capability.notify('outage', 'x')).rejects.toBeInstanceOf(DatabaseUnavailable);
  await database.startServer();
  await until(() => expect(heard).toEqual([null, null]));
  expect(await capability.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

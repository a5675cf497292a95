import { parseUsd } from '@parsimony/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestDatabase } from './testing/index.js';
import type { TestDatabase } from './testing/index.js';
import { UsageRow } from './usage-row.entity.js';

const TENANT = '01990000-0000-7000-8000-000000000001';
const CALL = '01990000-0000-7000-8000-000000000002';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

const ensure = (at: string) => database.dataSource.query('SELECT ensure_usage_partition($1)', [at]);
const partitions = async (): Promise<string[]> => {
  const rows = await database.dataSource.query<{ name: string }[]>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage'::regclass ORDER BY 1`,
  );
  return rows.map((row) => row.name);
};

it('keeps an amount to the pico-dollar and every column of the entity', async () => {
  await ensure('2026-11-24T00:00:00Z');
  const usage = database.dataSource.getRepository(UsageRow);
  const row = {
    tenantId: TENANT,
    at: new Date('2026-11-24T10:00:00.123Z'),
    callId: CALL,
    rung: 0,
    teamId: null,
    keyId: null,
    operation: 'chat.completions',
    requestedModel: 'auto',
    tags: { feature: 'поиск' },
    provider: 'openai',
    model: 'gpt-4.1-mini',
    tier: 'economy' as const,
    purpose: 'completion',
    settlement: 'exact' as const,
    priceSource: 'catalogue' as const,
    input: 1,
    cachedInput: 2,
    cacheWrite: 3,
    inputAudio: 4,
    output: 5,
    reasoning: 6,
    outputAudio: 7,
    cacheWriteLong: 8,
    characters: 9,
    seconds: 10,
    searches: 11,
    cost: parseUsd('123456789012.000000000001'),
    reserved: 1n,
    rungStatus: 'ok' as const,
    providerStatus: 200,
    rungLatencyMs: 12.5,
    closes: true,
    status: 'ok' as const,
    errorCode: null,
    streamed: false,
    cache: 'miss' as const,
    saved: 0n,
    latencyMs: 13.5,
    decisions: [{ plugin: 'routing', summary: 'short', detail: {} }],
  };
  await usage.insert(row);
  const found = await usage.findOneByOrFail({ tenantId: TENANT, callId: CALL });
  expect(found).toMatchObject(row);
  expect(found.seq).toBeTypeOf('bigint');
  expect(found.settledAt).toBeInstanceOf(Date);
  await expect(usage.insert(row)).rejects.toThrow(/duplicate key/);
  await expect(usage.insert({ ...row, rung: 1, status: 'fine' as 'ok' })).rejects.toThrow(/usage_status_check/);
});

it('has the columns in the order in which bulk writes give them', async () => {
  const columns = await database.dataSource.query<{ name: string }[]>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'usage'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const entity = database.dataSource.getMetadata(UsageRow).columns.map((column) => column.databaseName);
  expect(columns.map((column) => column.name)).toEqual(entity);
});

it('makes a month once, in UTC, however many ask for it at once', async () => {
  await Promise.all(
    Array.from({ length: 9 }, () =>
      database.dataSource.transaction(async (manager) => {
        await manager.query(`SET LOCAL TIME ZONE 'Pacific/Kiritimati'`);
        await manager.query(`SELECT ensure_usage_partition('2027-01-31T23:59:59.999Z')`);
      }),
    ),
  );
  expect((await partitions()).filter((name) => name.startsWith('usage_2027'))).toEqual(['usage_2027_01']);
  const [row] = await database.dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL TIME ZONE 'UTC'`);
    return manager.query<{ bounds: string }[]>(
      `SELECT pg_get_expr(relpartbound, oid) AS bounds FROM pg_class WHERE relname = 'usage_2027_01'`,
    );
  });
  expect(row?.bounds).toContain("FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00')");
});

it('makes a month while others are writing the ledger', async () => {
  const writer = database.dataSource.createQueryRunner();
  await writer.startTransaction();
  await writer.query('LOCK TABLE usage IN ROW EXCLUSIVE MODE');
  await ensure('2027-05-01T00:00:00Z');
  await writer.rollbackTransaction();
  await writer.release();
  expect(await partitions()).toContain('usage_2027_05');
});

it('drops whole months that are over, and no other', async () => {
  await ensure('2025-12-31T23:59:59Z');
  await ensure('2026-01-01T00:00:00Z');
  const dropped = await database.dataSource.query<{ name: string }[]>(
    `SELECT drop_usage_partitions_before('2026-01-31T23:59:59Z') AS name`,
  );
  expect(dropped).toEqual([{ name: 'usage_2025_12' }]);
  expect(await partitions()).toContain('usage_2026_01');
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { runRetention } from './retention.js';
import { startTestDatabase } from './testing/index.js';
import type { TestDatabase } from './testing/index.js';

const TENANT = '01990000-0000-7000-8000-000000000001';
const now = new Date('2026-03-15T12:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  const { dataSource } = database;
  for (const month of ['2025-11', '2025-12', '2026-01', '2026-02', '2026-03'])
    await dataSource.query('SELECT ensure_usage_partition($1)', [`${month}-10T00:00:00Z`]);
  await dataSource.query(`INSERT INTO tenant (id, name, revision) VALUES ($1, 'a', 1)`, [TENANT]);
  await dataSource.query(
    `INSERT INTO audit_event (tenant_id, id, at, actor_kind, actor_id, action, target_kind, target_id, detail)
     SELECT $1, gen_random_uuid(), at, 'system', 'spec', 'team.create', 'team', 'x', '{}'
       FROM unnest($2::timestamptz[]) AS at`,
    [TENANT, ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z']],
  );
  await dataSource.query(
    `INSERT INTO budget_event (tenant_id, id, at, budget_id, kind, detail)
     SELECT $1, gen_random_uuid(), at, gen_random_uuid(), 'threshold', '{}' FROM unnest($2::timestamptz[]) AS at`,
    [TENANT, ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z']],
  );
  await dataSource.query(
    `INSERT INTO idempotency_record (tenant_id, key_id, idempotency_hash, request_hash, state, holder, leased_until, expires_at)
     SELECT $1, gen_random_uuid(), 'k', 'r', 'in-progress', gen_random_uuid(), at, at FROM unnest($2::timestamptz[]) AS at`,
    [TENANT, ['2026-03-15T11:59:59Z', '2026-03-15T12:00:01Z']],
  );
});
afterAll(() => database.stop());

it('gives up what a policy names and nothing else', async () => {
  expect(await runRetention(database.dataSource, { usageMonths: 2, auditDays: 30, now })).toEqual({
    usagePartitions: ['usage_2025_11', 'usage_2025_12'],
    auditEvents: 1,
    budgetEvents: 2,
    idempotencyRecords: 1,
  });
  expect(await runRetention(database.dataSource, { usageMonths: 2, auditDays: 30, now })).toEqual({
    usagePartitions: [],
    auditEvents: 0,
    budgetEvents: 0,
    idempotencyRecords: 0,
  });
});

it('keeps everything of which no policy speaks', async () => {
  const report = await runRetention(database.dataSource, { now: new Date('2030-01-01T00:00:00Z') });
  expect(report).toMatchObject({ usagePartitions: [], auditEvents: 0, budgetEvents: 0 });
});

it.each([{ usageMonths: -1 }, { usageMonths: 0.5 }, { auditDays: Number.NaN }])('refuses %j', (policy) => {
  expect(() => runRetention(database.dataSource, policy)).toThrow(RangeError);
});

import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlRefusal } from './database-availability.js';
import { ALL_TENANTS, changeWithin, readWithin, withTenant } from './tenant-scope.js';
import { startTestDatabase } from './testing/index.js';
import type { TestDatabase } from './testing/index.js';

const [HERE, THERE] = ['01990000-0000-7000-8000-00000000000a', '01990000-0000-7000-8000-00000000000b'] as const;
const DENIED = '42501';
const BUDGET = '01990000-0000-7000-8000-00000000000c';
const ACCOUNT = 1;

/** Every table that belongs to tenants, with a row that another tenant's scope tries to smuggle in. */
const TABLES: Readonly<Record<string, (tenantId: string) => Record<string, unknown>>> = {
  tenant: (id) => ({ id, name: `tenant ${id}`, revision: 1 }),
  tenant_configuration: (tenant_id) => ({ tenant_id, revision: 1, document: '{}', updated_by: 'spec' }),
  team: (tenant_id) => ({ tenant_id, id: randomUUID(), name: `team ${randomUUID()}` }),
  api_key: (tenant_id) => ({
    ...{ tenant_id, id: randomUUID(), name: 'key', prefix: 'psk_', role: 'OWNER' },
    secret_hash: Buffer.from(randomUUID()),
  }),
  usage: (tenant_id) => ({
    ...{ tenant_id, at: '2026-11-24T10:00:00Z', call_id: randomUUID(), rung: 0, operation: 'chat.completions' },
    ...{ requested_model: 'auto', cost: '1', reserved: '1', closes: true, streamed: false },
  }),
  provider_credential: (tenant_id) => ({
    ...{
      tenant_id,
      id: randomUUID(),
      provider: 'openai',
      kind: 'openai',
      settings: '{}',
      hint: '',
      changed_by: 'spec',
    },
    ...{ sealed: Buffer.from('sealed'), master_key_id: 'key' },
  }),
  audit_event: (tenant_id) => ({
    ...{ tenant_id, id: randomUUID(), actor_kind: 'system', actor_id: 'spec', action: 'team.create' },
    ...{ target_kind: 'team', target_id: 'x', detail: '{}' },
  }),
  idempotency_record: (tenant_id) => ({
    ...{ tenant_id, key_id: randomUUID(), idempotency_hash: Buffer.from('k'), request_hash: Buffer.from('r') },
    ...{ state: 'in-progress', holder: randomUUID(), leased_until: '2100-01-01', expires_at: '2100-01-01' },
  }),
  budget: (tenant_id) => ({
    ...{ tenant_id, id: BUDGET, amount: '1', period: 'MONTH', mode: 'HARD', timezone: 'UTC', thresholds: [1] },
    ...{ managed_by: 'tenant', changed_by: 'spec' },
  }),
  budget_credit: (tenant_id) => ({
    ...{ tenant_id, id: randomUUID(), budget_id: BUDGET, amount: '1', expires_at: '2100-01-01', created_by: 'spec' },
  }),
  rate_limit: (tenant_id) => ({
    ...{ tenant_id, id: randomUUID(), requests_per_minute: 1, managed_by: 'tenant', changed_by: 'spec' },
  }),
  budget_account: (tenant_id) => ({
    ...{ tenant_id, id: ACCOUNT, budget_id: BUDGET, unit: 'pico-dollars', period_start: '2026-11-01' },
  }),
  budget_lease: (tenant_id) => ({
    ...{ tenant_id, account_id: ACCOUNT, holder: randomUUID(), granted: '1', sequence: 1, expires_at: '2100-01-01' },
  }),
  budget_event: (tenant_id) => ({ tenant_id, id: randomUUID(), budget_id: BUDGET, kind: 'threshold', detail: '{}' }),
};
const names = Object.keys(TABLES);
/** A column by which a row can be counted, and one that a tenant might try to change. */
const ownerOf = (table: string): string => (table === 'tenant' ? 'id' : 'tenant_id');

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  const { dataSource } = database;
  await dataSource.query(`SELECT ensure_usage_partition('2026-11-24T00:00:00Z')`);
  for (const [table, row] of Object.entries(TABLES))
    for (const tenantId of [HERE, THERE]) await insert(dataSource.manager, table, row(tenantId));
});
afterAll(() => database.stop());

async function insert(manager: EntityManager, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  await manager.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}

async function refusal(work: (manager: EntityManager) => Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await withTenant(database.dataSource, HERE, work).catch((thrown: unknown) => thrown);
  return sqlRefusal(error)?.state;
}

describe.each(names)('%s', (table) => {
  const owner = ownerOf(table);

  it('shows a tenant its own rows where a query forgets its WHERE', async () => {
    const seen = await withTenant(database.dataSource, HERE, (manager) =>
      manager.query<{ owner: string }[]>(`SELECT ${owner} AS owner FROM ${table}`),
    );
    expect(new Set(seen.map((row) => row.owner))).toEqual(new Set([HERE]));
    const all = await database.dataSource.query<object[]>(`SELECT FROM ${table}`);
    expect(all.length).toBeGreaterThan(seen.length);
  });

  it("takes no row of another tenant's", async () => {
    expect(await refusal((manager) => insert(manager, table, TABLES[table]!(THERE)))).toBe(DENIED);
  });

  it.each(['UPDATE', 'DELETE'])("lets no %s reach another tenant's rows", async (kind) => {
    const statement = kind === 'UPDATE' ? `UPDATE ${table} SET ${owner} = ${owner}` : `DELETE FROM ${table}`;
    const left = await withTenant(database.dataSource, HERE, async (manager) => {
      await manager.query('SAVEPOINT before');
      // Where it is not granted at all it fails; else it may reach this tenant's own rows.
      await manager.query(statement).catch(() => manager.query('ROLLBACK TO SAVEPOINT before'));
      await manager.query('RESET ROLE');
      const rows = await manager.query<object[]>(
        `SELECT xmin FROM ${table} WHERE ${owner} = $1 AND xmin <> pg_current_xact_id()::xid`,
        [THERE],
      );
      await manager.query('ROLLBACK TO SAVEPOINT before');
      return rows.length;
    });
    expect(left).toBe(1);
  });

  it('shows nothing where nobody said whose scope it is', async () => {
    const seen = await database.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL ROLE parsimony_tenant');
      return manager.query<object[]>(`SELECT ${owner} FROM ${table}`);
    });
    expect(seen).toEqual([]);
  });
});

it('is a policy on every table with a tenant in it: a future one cannot forget it', async () => {
  const open = await database.dataSource.query<{ name: string }[]>(`
    SELECT relname AS name FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
       AND (relname = 'tenant' OR EXISTS (SELECT FROM pg_attribute
             WHERE attrelid = pg_class.oid AND attname = 'tenant_id' AND NOT attisdropped))
       AND NOT (relrowsecurity AND EXISTS (SELECT FROM pg_policy
             WHERE polrelid = pg_class.oid AND 'parsimony_tenant'::regrole = ANY (polroles)))`);
  expect(open).toEqual([]);
  const walled = await database.dataSource.query<{ name: string }[]>(`
    SELECT DISTINCT relname AS name FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE NOT relispartition`);
  expect(walled.map(({ name }) => name).toSorted(), 'the tables of this spec').toEqual(names.toSorted());
});

it('lets the role do no more than it needs', async () => {
  const granted = await database.dataSource.query<{ name: string; privilege: string }[]>(`
    SELECT table_name AS name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS privilege
      FROM information_schema.role_table_grants WHERE grantee = 'parsimony_tenant' GROUP BY 1 ORDER BY 1`);
  expect(Object.fromEntries(granted.map(({ name, privilege }) => [name, privilege]))).toEqual({
    audit_event: 'INSERT SELECT',
    budget: 'INSERT SELECT UPDATE',
    budget_account: 'SELECT',
    budget_credit: 'INSERT SELECT',
    budget_event: 'SELECT',
    budget_lease: 'SELECT',
    idempotency_record: 'DELETE INSERT SELECT UPDATE',
    provider_credential: 'DELETE INSERT',
    rate_limit: 'INSERT SELECT UPDATE',
    team: 'INSERT SELECT',
    tenant: 'SELECT',
    tenant_configuration: 'INSERT SELECT',
    usage: 'SELECT',
  });
  const [role] = await database.dataSource.query<object[]>(
    `SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'parsimony_tenant'`,
  );
  expect(role).toEqual({
    ...{ rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false },
  });
});

it.each([
  ['the hash of a key', 'SELECT secret_hash FROM api_key'],
  ['the hash of a former secret', 'SELECT former_secret_hash FROM api_key'],
  ['a sealed credential', 'SELECT sealed FROM provider_credential'],
  ['the role of a key', `UPDATE api_key SET role = 'OWNER'`],
  ['the name of a tenant', `UPDATE tenant SET name = 'mine'`],
  ['an operator', 'SELECT * FROM operator_key'],
  ['a month of the ledger by itself', 'SELECT * FROM usage_2026_11'],
  ['an audit event', 'DELETE FROM audit_event'],
  ['a new table', 'CREATE TABLE mine (id int)'],
])('keeps %s from the role', async (_, statement) => {
  expect(await refusal((manager) => manager.query(statement))).toBe(DENIED);
});

describe('a scope', () => {
  it('ends with its transaction, however that ends', async () => {
    const { dataSource } = database;
    await withTenant(dataSource, HERE, () => Promise.reject(new Error('no'))).catch(() => undefined);
    await withTenant(dataSource, HERE, (manager) => manager.query('SELECT 1'));
    const connections = Array.from({ length: 10 }, () =>
      dataSource.query<{ role: string; tenant: string | null }[]>(
        `SELECT current_user::text AS role, current_setting('parsimony.tenant_id', true) AS tenant, pg_sleep(0.05)`,
      ),
    );
    for (const [row] of await Promise.all(connections)) {
      expect(row?.role).toBe('postgres');
      expect(row?.tenant ?? '').toBe('');
    }
  });

  it('is the role and the tenant', async () => {
    const [row] = await withTenant(database.dataSource, HERE, (manager) =>
      manager.query<object[]>(`SELECT current_user::text AS role, current_setting('parsimony.tenant_id') AS tenant`),
    );
    expect(row).toEqual({ role: 'parsimony_tenant', tenant: HERE });
  });

  it('may be around the walls, explicitly', async () => {
    const owners = (manager: EntityManager) => manager.query<object[]>('SELECT id FROM tenant');
    expect(await readWithin(database.dataSource, ALL_TENANTS, owners)).toHaveLength(2);
    expect(await changeWithin(database.dataSource, ALL_TENANTS, owners)).toHaveLength(2);
    expect(await readWithin(database.dataSource, HERE, owners)).toHaveLength(1);
    expect(await changeWithin(database.dataSource, HERE, owners)).toHaveLength(1);
  });
});

it('keeps audit events as they are, even from who owns them', async () => {
  for (const statement of [
    `UPDATE audit_event SET action = 'nothing'`,
    'DELETE FROM audit_event',
    'TRUNCATE audit_event',
  ]) {
    await expect(database.dataSource.query(statement), statement).rejects.toThrow(/neither changed nor deleted/);
  }
});

import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CORE_MIGRATIONS } from '@parsimony/persistence';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { TENANCY_ENTITIES } from '@parsimony/tenancy';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateTo } from '../src/migrate/migrate-to.js';
import { commandLine, type Ran } from './command-line.js';
import { emptyDatabaseBeside } from './fresh-database.js';

const ROWS = 30_000;
const INSTANCE = '00000000-0000-4000-8000-000000000000';

let database: TestDatabase;
let folder: string;
let backup: string;
let written: Ran;

function on(url: string): (...words: readonly string[]) => Promise<Ran> {
  return commandLine({ DATABASE_URL: url, PARSIMONY_HOME: folder });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parsimony-backup-'));
  backup = join(folder, 'whole.tar.gz');
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  await fill(database.dataSource);
  written = await on(database.url)('backup', backup);
});

afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('parsimony backup', () => {
  it('says what it wrote, for its owner alone', () => {
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toMatch(/whole\.tar\.gz: \d+ rows of \d+ tables/);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
  });

  it('names journal segments that are not in the database yet', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    mkdirSync(join(home, 'journal'));
    writeFileSync(join(home, 'journal', `${INSTANCE}.00000001.journal`), '');
    writeFileSync(join(home, 'journal', `${INSTANCE}.00000002.journal`), 'a row');
    const run = commandLine({ DATABASE_URL: database.url, PARSIMONY_HOME: home });
    const { code, err } = await run('backup', join(home, 'b.tar.gz'));
    expect(code).toBe(0);
    expect(err).toMatch(/\.00000002\.journal/);
    expect(err).not.toMatch(/00000001/);
  });

  it('overwrites nothing', async () => {
    const before = readFileSync(backup);
    expect(await on(database.url)('backup', backup)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/exists already/),
    });
    expect(readFileSync(backup).equals(before)).toBe(true);
  });

  it('leaves nothing behind where it cannot write', async () => {
    const { code, err } = await on(database.url)('backup', join(folder, 'absent', 'b.tar.gz'));
    expect(code).toBe(1);
    expect(err).toMatch(/^ENOENT: no such file or directory, open .*b\.tar\.gz\.partial'$/);
  });

  it.skipIf(!existsSync('/dev/full'))('leaves nothing behind where the disk is full', async () => {
    const path = join(folder, 'full.tar.gz');
    symlinkSync('/dev/full', `${path}.partial`);
    const { code, err } = await on(database.url)('backup', path);
    expect(code).toBe(1);
    expect(err).toMatch(/^ENOSPC/);
    for (const left of [path, `${path}.partial`]) expect(() => lstatSync(left)).toThrow('ENOENT');
  });

  it('exits with 3 where the database is away', async () => {
    const path = join(folder, 'away.tar.gz');
    expect(await on('postgres://postgres:x@127.0.0.1:1/parsimony')('backup', path)).toMatchObject({ code: 3 });
    expect(() => statSync(`${path}.partial`)).toThrow(/ENOENT/);
  });
});

describe('parsimony restore', () => {
  it('brings everything back, money to the pico-dollar, into a database without tables', async () => {
    const url = await emptyDatabaseBeside(database.url, 'restored');
    expect(await on(url)('restore', backup)).toMatchObject({ code: 0, err: '' });
    await withClient(url, async (restored) => {
      await withClient(database.url, async (original) => {
        for (const table of await tableNames(original)) {
          expect(await contents(restored, table), table).toEqual(await contents(original, table));
        }
        expect(await sums(restored)).toEqual(await sums(original));
      });
      const { rows } = await restored.query<{ next: string }>(`SELECT nextval('usage_seq')::text AS next`);
      expect(Number(rows[0]?.next)).toBeGreaterThan(ROWS);
      // What was lent stays lent, and its numbers are not given out a second time: rows of the ledger bear them.
      const { rows: leases } = await restored.query(
        `SELECT lease.granted::text, lease.id < nextval('budget_lease_seq') AS fresh,
            lease.account_id < nextval('budget_account_seq') AS apart FROM budget_lease lease WHERE closed_at IS NULL`,
      );
      expect(leases).toEqual([{ granted: '900000000000', fresh: true, apart: true }]);
      // Triggers are in force again.
      await restored.query(`UPDATE tenant SET name = name || ' ✓'`);
      const { rows: stamped } = await restored.query(`SELECT FROM tenant WHERE changed_at < now() - interval '1 day'`);
      expect(stamped).toHaveLength(0);
    });
  });

  it('goes into a database that is migrated and empty', async () => {
    const url = await emptyDatabaseBeside(database.url, 'migrated');
    await migrateTo(url);
    expect(await on(url)('restore', backup)).toMatchObject({ code: 0 });
  });

  it('runs later migrations behind an older backup', async () => {
    const older = await emptyDatabaseBeside(database.url, 'older');
    const former = CORE_MIGRATIONS.slice(0, 2).map(({ name }) => name);
    await migrateTo(older, former);
    await withClient(older, (client) => client.query(ONE_TENANT));
    const path = join(folder, 'older.tar.gz');
    expect(await on(older)('backup', path)).toMatchObject({ code: 0 });

    const url = await emptyDatabaseBeside(database.url, 'later');
    const { code, out } = await on(url)('restore', path);
    expect(code).toBe(0);
    for (const { name } of CORE_MIGRATIONS.slice(2)) expect(out).toContain(`then ran ${name}`);
    await withClient(url, async (client) => {
      expect((await client.query('SELECT name FROM tenant')).rows).toEqual([{ name: 'Ромашка 🌼' }]);
    });

    const ahead = await emptyDatabaseBeside(database.url, 'ahead');
    await migrateTo(ahead);
    expect(await on(ahead)('restore', path)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/restore into a database without tables/),
    });
  });

  it('does not touch a database that holds data', async () => {
    expect(await on(database.url)('restore', backup)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is not empty/),
    });
    await withClient(database.url, async (client) => {
      expect((await client.query('SELECT count(*)::int AS count FROM usage')).rows).toEqual([{ count: ROWS }]);
    });
  });

  const damages: [string, (path: string) => void][] = [
    ['cut in the middle', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['cut by one byte', (path) => truncateSync(path, statSync(path).size - 1)],
    ['empty', (path) => truncateSync(path, 0)],
    ['no gzip', (path) => writeFileSync(path, 'not a backup')],
    ['of another tar', (path) => writeFileSync(path, gzipSync(Buffer.alloc(1024)))],
    ['changed by one digit', changeOneDigit],
  ];
  it.each(damages)('refuses a file that is %s, before it writes', async (_, damage) => {
    const path = join(folder, 'damaged.tar.gz');
    copyFileSync(backup, path);
    damage(path);
    const url = await emptyDatabaseBeside(database.url, `damaged_${damages.findIndex(([name]) => name === _)}`);
    expect(await on(url)('restore', path)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not a whole backup.*nothing was changed/s),
    });
    await withClient(url, async (client) => {
      expect(await tableNames(client)).toEqual([]);
    });
  });

  it('rolls everything back when the database refuses a row', async () => {
    const url = await emptyDatabaseBeside(database.url, 'refusing');
    await migrateTo(url);
    await withClient(url, (client) => client.query('ALTER TABLE usage ADD CONSTRAINT cheap CHECK (cost < 0)'));
    expect(await on(url)('restore', backup)).toMatchObject({ code: 1, err: expect.stringMatching(/cheap/) });
    await withClient(url, async (client) => {
      expect((await client.query('SELECT FROM tenant')).rows).toHaveLength(0);
      expect((await client.query(`SELECT FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`)).rows).toEqual(
        [],
      );
    });
  });
});

/** A digit in the middle of a table's rows, with gzip's own sum made right again. */
function changeOneDigit(path: string): void {
  const bytes = gunzipSync(readFileSync(path));
  const at = bytes.indexOf('0.000000012346');
  expect(at).toBeGreaterThan(0);
  bytes.write('9', at + 13);
  writeFileSync(path, gzipSync(bytes));
}

const ONE_TENANT = `
INSERT INTO tenant (id, name, revision, created_at) VALUES ('00000000-0000-7000-8000-000000000001', 'Ромашка 🌼', 1, '2025-01-01');
INSERT INTO tenant_configuration (tenant_id, revision, document, updated_by)
  VALUES ('00000000-0000-7000-8000-000000000001', 1, '{"tiers": {"economy": ["a/\\t\\n\\\\b"]}}', 'spec');
INSERT INTO team (tenant_id, id, name)
  VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', E'tab\\tline\\nback\\\\slash');`;

/** A budget with a credit, of which a gateway that is no more holds a part, and a rate limit. */
const LIMITS = `
INSERT INTO budget (tenant_id, id, team_id, tag_key, tag_value, amount, period, mode, timezone, thresholds, managed_by, changed_by)
  VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000b',
    '00000000-0000-7000-8000-000000000002', 'отдел', 'поиск', 1.000000000001, 'MONTH', 'HARD', 'Europe/Moscow', '{0.5,1}', 'tenant', 'spec');
INSERT INTO budget_credit (tenant_id, id, budget_id, amount, expires_at, note, created_by)
  VALUES ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), '00000000-0000-7000-8000-00000000000b', 5,
    '2027-01-01', 'подарок', 'spec');
INSERT INTO rate_limit (tenant_id, id, requests_per_minute, managed_by, changed_by)
  VALUES ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), 600, 'team', 'spec');
INSERT INTO budget_account (tenant_id, budget_id, unit, period_start, period_end, base)
  VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000b', 'pico-dollars',
    '2026-10-31 21:00Z', '2026-11-30 21:00Z', 123456789012345678901234567890);
INSERT INTO budget_lease (tenant_id, account_id, holder, granted, spent, held, unconfirmed, sequence, expires_at)
  SELECT tenant_id, id, '${INSTANCE}', 900000000000, 1, 2, 3, 7, '2026-11-01' FROM budget_account;
INSERT INTO budget_event (tenant_id, id, budget_id, kind, detail)
  VALUES ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), '00000000-0000-7000-8000-00000000000b', 'lease-lost', '{"за": "что"}');
INSERT INTO closed_journal (instance) VALUES ('${INSTANCE}');`;

async function fill(dataSource: { query(sql: string): Promise<unknown> }): Promise<void> {
  await dataSource.query(ONE_TENANT);
  await dataSource.query(
    `SELECT ensure_usage_partition(at) FROM (VALUES ('2026-10-01Z'::timestamptz), ('2026-11-01Z')) months (at)`,
  );
  await dataSource.query(`
    INSERT INTO usage (tenant_id, at, call_id, rung, operation, requested_model, cost, reserved, closes, streamed, tags, rung_latency_ms)
    SELECT '00000000-0000-7000-8000-000000000001', '2026-10-31T23:00:00Z'::timestamptz + n * interval '1 second',
      gen_random_uuid(), 0, 'chat', 'модель-' || n, 0.000000012345 + n * 0.000000000001, n, true, false,
      jsonb_build_object('feature', E'поиск\\t\\\\' || n), n / 3.0
    FROM generate_series(1, ${ROWS}) n`);
  await dataSource.query(`
    INSERT INTO audit_event (tenant_id, id, actor_kind, actor_id, action, target_kind, target_id, detail)
    VALUES (NULL, gen_random_uuid(), 'system', 'spec', 'tenant.create', 'tenant', 'x', '{"имя": "я"}')`);
  await dataSource.query(LIMITS);
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function tableNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'core_migration' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** A hash over all rows as text, so that a bit's difference shows. */
async function contents(client: pg.Client, table: string): Promise<unknown> {
  const { rows } = await client.query(
    `SELECT count(*)::int, md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ${client.escapeIdentifier(table)} t`,
  );
  return rows;
}

async function sums(client: pg.Client): Promise<unknown> {
  return (
    await client.query('SELECT sum(cost)::text AS cost, sum(reserved)::text AS reserved, max(seq)::text FROM usage')
  ).rows;
}

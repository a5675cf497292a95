import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { createDataSource } from '../data-source.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/start-embedded-postgres.js';
import { migrate } from '../migrate.js';
import { SILENT } from '../testing/test-server.js';
import { withTenant } from '../tenant-scope.js';
import { CORE_MIGRATIONS } from './index.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: EmbeddedPostgres;

// A cluster of its own: in the one that specs share, the role is there already.
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startEmbeddedPostgres({ dataDirectory: join(folder.path, 'data'), log: SILENT, durable: false });
});
afterAll(async () => {
  await postgres.stop();
  await folder[Symbol.asyncDispose]();
});

async function administer(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(database: string, user?: string): string {
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  if (user !== undefined) [url.username, url.password] = [user, 'secret'];
  return url.href;
}

async function tenantsSeen(url: string): Promise<number> {
  const dataSource = await createDataSource(url).initialize();
  try {
    const id = '01990000-0000-7000-8000-00000000000a';
    await dataSource.query(`INSERT INTO tenant (id, name, revision) VALUES ($1, 'a', 1), (gen_random_uuid(), 'b', 1)`, [
      id,
    ]);
    return (await withTenant(dataSource, id, (manager) => manager.query<object[]>('SELECT id FROM tenant'))).length;
  } finally {
    await dataSource.destroy();
  }
}

it('says what to do to a user who may neither make the role nor become it, and goes on once that is done', async () => {
  await administer(`CREATE ROLE poor LOGIN PASSWORD 'secret'`, 'CREATE DATABASE of_poor OWNER poor');
  const url = urlOf('of_poor', 'poor');
  await expect(migrate(createDataSource(url))).rejects.toThrow(
    /"poor" may not create the role.*CREATE ROLE parsimony_tenant NOLOGIN; GRANT parsimony_tenant TO poor;/,
  );
  await administer('CREATE ROLE parsimony_tenant NOLOGIN');
  await expect(migrate(createDataSource(url))).rejects.toThrow(
    /"poor" may not become the role.*GRANT parsimony_tenant TO poor/,
  );
  await administer('ALTER ROLE parsimony_tenant BYPASSRLS', 'GRANT parsimony_tenant TO poor');
  await expect(migrate(createDataSource(url))).rejects.toThrow(/too mighty/);
  await administer('ALTER ROLE parsimony_tenant NOBYPASSRLS');
  expect(await migrate(createDataSource(url))).toContain('TenantWalls1795500000005');
  expect(await tenantsSeen(url)).toBe(1);
  await administer('DROP DATABASE of_poor', 'DROP ROLE parsimony_tenant');
});

it('makes the role once, however many databases of a cluster migrate at the same time', async () => {
  await administer(`CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'secret'`);
  const urls = Array.from({ length: 4 }, (_, index) => urlOf(`db_${index}`, 'maker'));
  for (const index of urls.keys()) await administer(`CREATE DATABASE db_${index} OWNER maker`);
  const ran = await Promise.all(urls.map((url) => migrate(createDataSource(url))));
  expect(ran.map(({ length }) => length)).toEqual(urls.map(() => CORE_MIGRATIONS.length));
  for (const url of urls) expect(await tenantsSeen(url)).toBe(1);
});

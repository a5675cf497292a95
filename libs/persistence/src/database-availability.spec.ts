import { DatabaseUnavailable } from '@parsimony/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from './data-source.js';
import { sqlRefusal, throughDatabase } from './database-availability.js';
import { startTestDatabase } from './testing/index.js';
import type { TestDatabase } from './testing/index.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

const ask = (sql: string) => throughDatabase(() => database.dataSource.query<unknown>(sql));

it('lets refusals of the database through as they are', async () => {
  const refusal = await ask('SELECT 1 / 0').catch((error: unknown) => error);
  expect(refusal).not.toBeInstanceOf(DatabaseUnavailable);
  expect(sqlRefusal(refusal)).toEqual({ state: '22012', constraint: null });
});

it('knows a statement that the server cut, a server that is gone, and one that came back', async () => {
  const cut = ask('SELECT pg_sleep(30)').catch((error: unknown) => error);
  await ask('SELECT pg_sleep(0.2)');
  await database.stopServer();
  expect(await cut).toBeInstanceOf(DatabaseUnavailable);
  await expect(ask('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
  await database.startServer();
  expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('knows a server that fell silent', async () => {
  const impatient = await createDataSource(database.url, { statementPatienceMs: 200 }).initialize();
  const silent = throughDatabase(() => impatient.query('SELECT pg_sleep(3)'));
  await expect(silent).rejects.toBeInstanceOf(DatabaseUnavailable);
  await impatient.destroy();
});

it('knows a data source that never connected', async () => {
  const idle = createDataSource(database.url);
  await expect(throughDatabase(() => idle.query('SELECT 1'))).rejects.toBeInstanceOf(DatabaseUnavailable);
});

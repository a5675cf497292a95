import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NoticeListener } from './notice-listener.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

async function listening() {
  const heard = { notices: 0 };
  const listener = new NoticeListener({
    url: database.url,
    channels: ['first_channel', 'second_channel'],
    onNotice: () => heard.notices++,
  });
  listener.start();
  listener.start();
  await expect.poll(() => listener.connected).toBe(true);
  return { heard, listener, [Symbol.asyncDispose]: () => listener.stop() };
}

const connections = async (): Promise<number[]> => {
  const rows = await database.dataSource.query<{ pid: number }[]>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'parsimony spend notices' AND datname = current_database()`,
  );
  return rows.map(({ pid }) => pid);
};

test('hears what is announced on any of its channels, on one connection', async () => {
  await using started = await listening();
  const { heard } = started;
  expect(heard.notices).toBe(1);
  await database.dataSource.query('NOTIFY first_channel');
  await expect.poll(() => heard.notices).toBe(2);
  await database.dataSource.query(`NOTIFY second_channel, 'of whom'`);
  await expect.poll(() => heard.notices).toBe(3);
  expect(await connections()).toHaveLength(1);
});

test('says when its connection broke, and comes back', async () => {
  await using started = await listening();
  const { heard, listener } = started;
  const [former] = await connections();
  await database.dataSource.query('SELECT pg_terminate_backend($1)', [former]);
  await expect.poll(() => heard.notices).toBeGreaterThanOrEqual(2);
  await expect.poll(() => listener.connected).toBe(true);
  await expect.poll(connections).toHaveLength(1);
  expect(await connections()).not.toContain(former);
  const before = heard.notices;
  await database.dataSource.query('NOTIFY first_channel');
  await expect.poll(() => heard.notices).toBe(before + 1);
});

test('leaves no connection, and may be stopped before it has one', async () => {
  const { listener } = await listening();
  await listener.stop();
  expect(listener.connected).toBe(false);
  await expect.poll(connections).toEqual([]);
  const early = new NoticeListener({ url: database.url, channels: ['first_channel'], onNotice: () => undefined });
  early.start();
  await early.stop();
  await new NoticeListener({ url: database.url, channels: [], onNotice: () => undefined }).stop();
  await expect.poll(connections).toEqual([]);
});

test('a database that is not there is tried again until it is stopped', async () => {
  let tries = 0;
  const listener = new NoticeListener({
    url: 'postgres://nobody@127.0.0.1:1/nowhere',
    channels: ['first_channel'],
    onNotice: () => tries++,
  });
  listener.start();
  await expect.poll(() => tries, { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
  expect(listener.connected).toBe(false);
  await listener.stop();
});

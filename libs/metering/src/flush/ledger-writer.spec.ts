import { randomUUID } from 'node:crypto';
import { formatUsd } from '@parsimony/contract';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aLedgerCall, aRow, aSettledLine } from '../../test/a-row.js';
import { Ledger } from '../../test/ledger.js';
import { USAGE_CHANNEL } from './ledger-writer.js';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await Ledger.open();
});
beforeEach(() => ledger.clear());
afterAll(() => ledger[Symbol.asyncDispose]());

const write = (...lines: readonly string[]): Promise<void> => ledger.writer.write(Buffer.from(lines.join('')));
const reservedLine = (call = aLedgerCall()): string => `${aRow(call).encode()}\n`;

describe('a batch', () => {
  it('can be written again and again', async () => {
    const lines = Array.from({ length: 100 }, () => aSettledLine());
    await write(...lines);
    const before = await ledger.rows();
    await write(...lines);
    await write(...lines, ...lines);
    expect(await ledger.rows()).toEqual(before);
    expect(before).toHaveLength(100);
  });

  it('makes the months that it needs', async () => {
    const months = ['2019-12-31T23:59:59.999Z', '2020-01-01T00:00:00Z', '2031-07-15T12:00:00Z'];
    await write(...months.map((at) => aSettledLine(aLedgerCall({ receivedAt: Date.parse(at) }))));
    const partitions: { name: string }[] = await ledger.database.dataSource.query(
      'SELECT DISTINCT tableoid::regclass::text AS name FROM usage ORDER BY name',
    );
    expect(partitions.map(({ name }) => name)).toEqual(['usage_2019_12', 'usage_2020_01', 'usage_2031_07']);
  });

  it('is whole or not there at all', async () => {
    const error = await write(aSettledLine(), aSettledLine().replace('\texact\t', '\tperhaps\t')).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: '23514' });
    expect(await ledger.rows()).toEqual([]);
    await write(aSettledLine());
    expect(await ledger.rows()).toHaveLength(1);
  });
});

describe('what is not confirmed', () => {
  it('gives way to what is learnt later, whose place in the order is new', async () => {
    const call = aLedgerCall();
    await write(reservedLine(call), aSettledLine());
    const [before] = (await ledger.rows()).filter(({ call_id }) => call_id === call.id);
    expect(before).toMatchObject({ settlement: 'unconfirmed', reserved: formatUsd(100n) });
    await write(aSettledLine(call));
    const [after] = (await ledger.rows()).filter(({ call_id }) => call_id === call.id);
    expect(after).toMatchObject({ settlement: 'exact', cost: formatUsd(15n), status: 'ok', error_code: null });
    expect(BigInt(String(after?.['seq']))).toBeGreaterThan(BigInt(String(before?.['seq'])));
  });

  it('never takes the place of what is', async () => {
    const call = aLedgerCall();
    await write(aSettledLine(call));
    await write(reservedLine(call));
    expect(await ledger.rows()).toMatchObject([{ settlement: 'exact', cost: formatUsd(15n) }]);
  });

  it.each([[[0, 1]], [[1, 0]]])('loses also in one batch, in whichever order %j', async (order) => {
    const call = aLedgerCall();
    const lines = [reservedLine(call), aSettledLine(call)];
    await write(...order.map((index) => lines[index] ?? ''));
    expect(await ledger.rows()).toMatchObject([{ settlement: 'exact', cost: formatUsd(15n) }]);
  });
});

describe('readers', () => {
  it('are told that there is more', async () => {
    const listener = new pg.Client({ connectionString: ledger.database.url });
    await listener.connect();
    try {
      const { promise: heard, resolve } = Promise.withResolvers<string>();
      listener.on('notification', ({ channel }) => resolve(channel));
      await listener.query(`LISTEN ${USAGE_CHANNEL}`);
      await write(aSettledLine());
      expect(await heard).toBe('parsimony_usage');
      expect(await ledger.rows()).toHaveLength(1);
    } finally {
      await listener.end();
    }
  });
});

describe('a lost connection', () => {
  it('fails one batch; the next one has a connection of its own', async () => {
    await write(aSettledLine());
    await ledger.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parsimony-ledger'`,
    );
    await write(aSettledLine()).catch(() => undefined);
    await write(aSettledLine());
    expect((await ledger.rows()).length).toBeGreaterThanOrEqual(2);
  });

  it('leaves no connections behind while the database refuses to be written', async () => {
    const { dataSource } = ledger.database;
    await ledger.writer.close();
    await dataSource.query(`ALTER ROLE CURRENT_USER SET search_path TO nowhere`);
    try {
      for (let tries = 0; tries < 5; tries++) await expect(write(aSettledLine())).rejects.toThrow();
    } finally {
      await dataSource.query(`ALTER ROLE CURRENT_USER RESET search_path`);
    }
    const count = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'parsimony-ledger'`;
    await expect.poll(async () => (await dataSource.query<{ n: number }[]>(count))[0]?.n, { timeout: 2000 }).toBe(0);
    await write(aSettledLine());
    expect(await ledger.rows()).toHaveLength(1);
  });
});

it('a journal is closed once, however often that is said', async () => {
  const instance = randomUUID();
  await ledger.writer.closeJournal(instance);
  await ledger.writer.closeJournal(instance);
  expect(await ledger.closedJournals()).toEqual([instance]);
});

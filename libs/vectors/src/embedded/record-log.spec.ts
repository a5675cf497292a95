import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { canMount, SmallDisk } from '../../test/small-disk.js';
import { RecordLog } from './record-log.js';
import { encodeRecord, type LogRecord } from './records.js';

describe('RecordLog', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await aFolder();
    path = join(folder.path, 'log');
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const records: readonly LogRecord[] = [
    anUpsert('scope', 8),
    { kind: 'delete', ids: [randomUUID(), randomUUID()] },
    { kind: 'purge', createdBefore: Infinity },
    anUpsert('~'.repeat(128), 100),
  ];

  it('gives back what was written, in the order of writing', async () => {
    const { log } = await read();
    for (const record of records) log.append(encodeRecord(record));
    expect(log.size).toBe(statSync(path).size);
    await log.close();
    expect((await readAll()).found).toEqual(records);
  });

  it('cuts off what is half written, wherever it ends', async () => {
    const { log } = await read();
    const ends = records.map((record) => {
      log.append(encodeRecord(record));
      return log.size;
    });
    await log.close();
    const whole = readFileSync(path);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const { found, lost } = await readAll();
      const complete = ends.filter((end) => end <= length).length;
      expect(found).toEqual(records.slice(0, complete));
      expect(lost).toBe(length - (ends[complete - 1] ?? 0));
      expect(statSync(path).size).toBe(length - lost);
    }
  });

  it('ends before a damaged byte, wherever it lies, and can be written on', async () => {
    const { log } = await read();
    for (const record of records) log.append(encodeRecord(record));
    await log.close();
    const whole = readFileSync(path);
    for (let place = 0; place < whole.length; place++) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ 0x40;
      writeFileSync(path, damaged);
      const { log: again, found } = await read();
      expect(found).toEqual(records.slice(0, found.length));
      expect(found.length).toBeLessThan(records.length);
      again.append(encodeRecord(records[1] ?? anUpsert('scope', 1)));
      await again.close();
      expect((await readAll()).found).toEqual([...found, records[1]]);
    }
  });

  it('cuts off a tail of zeros, as a power cut leaves it', async () => {
    const { log } = await read();
    log.append(encodeRecord(anUpsert('scope', 8)));
    const { size } = log;
    await log.close();
    truncateSync(path, size + 5000);
    expect(await readAll()).toMatchObject({ lost: 5000, found: [{ kind: 'upsert' }] });
  });

  it('reads records that lie across the parts in which it reads', async () => {
    const { log } = await read();
    const large = Array.from({ length: 300 }, (_, n) => anUpsert(`scope-${n}`, 3000 + n));
    for (const record of large) log.append(encodeRecord(record));
    await log.close();
    expect((await readAll()).found).toEqual(large);
  });

  it('rewrites itself while it is written on', async () => {
    const { log } = await read();
    for (const record of records) log.append(encodeRecord(record));
    const rewrite = log.rewrite();
    const [kept = anUpsert('scope', 1), removed = anUpsert('scope', 1)] = records;
    rewrite.write(encodeRecord(kept));
    log.append(encodeRecord(removed));
    const adopted = log.adopt(rewrite);
    log.append(encodeRecord(kept));
    await adopted;
    log.append(encodeRecord(removed));
    expect(log.size).toBe(statSync(path).size);
    await log.sync();
    await log.close();
    expect((await readAll()).found).toEqual([kept, removed, kept, removed]);
  });

  it.runIf(canMount)('leaves no gap behind where a full disk took half a record, after a rewrite too', async () => {
    using disk = new SmallDisk(256);
    path = join(disk.path, 'log');
    const { log } = await read();
    const [record = anUpsert('scope', 1)] = records;
    const large = encodeRecord(anUpsert('scope', 30_000));
    for (const rewritten of [false, true]) {
      if (rewritten) await log.adopt(log.rewrite());
      log.append(encodeRecord(record));
      disk.fill();
      expect(() => log.append(large)).toThrow('ENOSPC');
      disk.makeRoom();
      log.append(encodeRecord(record));
    }
    expect(log.size).toBe(statSync(path).size);
    await log.close();
    expect(await readAll()).toEqual({ lost: 0, found: [record, record] });
  });

  it('forgets a rewrite that a dead process left', async () => {
    writeFileSync(`${path}.rewrite`, 'half');
    const { log } = await read();
    expect(statSync(`${path}.rewrite`, { throwIfNoEntry: false })).toBeUndefined();
    await log.close();
  });

  async function read(): Promise<{ log: RecordLog; lost: number; found: LogRecord[] }> {
    const found: LogRecord[] = [];
    const opened = await RecordLog.open(path, (record) => found.push(plain(record)));
    return { ...opened, found };
  }

  async function readAll(): Promise<{ lost: number; found: LogRecord[] }> {
    const { log, lost, found } = await read();
    await log.close();
    return { lost, found };
  }
});

function anUpsert(scope: string, dimensions: number): LogRecord {
  const vector = Uint8Array.from({ length: dimensions * 2 }, (_, n) => n % 251);
  return {
    kind: 'upsert',
    key: 2 ** 52 - 1,
    id: randomUUID(),
    scope,
    createdAt: 1_700_000_000_000,
    expiresAt: Infinity,
    vector,
  };
}

/** The log gives a part of what it read. */
function plain(record: LogRecord): LogRecord {
  return record.kind === 'upsert' ? { ...record, vector: Uint8Array.from(record.vector) } : record;
}

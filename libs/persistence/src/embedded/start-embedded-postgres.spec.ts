import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startApart } from '../../test/start-apart.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { SILENT } from '../testing/test-server.js';
import { commandLineOf } from './process-identity.js';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: what root does with embedded PostgreSQL; run these specs as root once to see it');

const fast = (folder: { path: string }) => ({
  dataDirectory: join(folder.path, 'data'),
  systemDirectory: join(folder.path, 'system'),
  log: SILENT,
  durable: false,
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function untilGone(pid: number): Promise<void> {
  while ((await commandLineOf(pid)) !== undefined) await sleep(10);
}

describe('an embedded PostgreSQL', () => {
  it('listens on the loopback address alone, demands its password and keeps it to itself', async () => {
    await using folder = await temporaryFolder();
    const postgres = await startEmbeddedPostgres({ ...fast(folder), durable: true });
    try {
      const [row] = await query(
        postgres.url,
        `SELECT current_setting('listen_addresses') listen, current_setting('unix_socket_directories') sockets,
           rolpassword, lower('ПРИВЕТ') lower FROM pg_authid WHERE rolname = 'postgres'`,
      );
      expect(row).toMatchObject({ listen: '127.0.0.1', sockets: '', lower: 'привет' });
      expect(row?.['rolpassword']).toMatch(/^SCRAM-SHA-256/);
      const wrong = new URL(postgres.url);
      wrong.password = 'guess';
      await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);
      const password = await stat(join(postgres.dataDirectory, 'parsimony-password'));
      expect(password.mode & 0o777).toBe(0o600);
    } finally {
      await postgres.stop();
      await postgres.stop();
    }
    await untilGone(postgres.pid);
  });

  it('keeps data and port over a stop', async () => {
    await using folder = await temporaryFolder();
    const first = await startEmbeddedPostgres(fast(folder));
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startEmbeddedPostgres(fast(folder));
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('takes another port where its own is taken, and says so where it was told which', async () => {
    await using folder = await temporaryFolder();
    const first = await startEmbeddedPostgres(fast(folder));
    await first.stop();
    const port = Number(new URL(first.url).port);
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await startEmbeddedPostgres(fast(folder));
    expect(new URL(second.url).port).not.toBe(String(port));
    await second.stop();
    await expect(startEmbeddedPostgres({ ...fast(folder), port })).rejects.toThrow(
      `port ${port} for PostgreSQL is taken`,
    );
    squatter.close();
  });

  it('refuses a second start beside a live first one', async () => {
    await using folder = await temporaryFolder();
    const first = await startEmbeddedPostgres(fast(folder));
    await expect(startEmbeddedPostgres(fast(folder))).rejects.toThrow(`process ${process.pid} already runs PostgreSQL`);
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('takes over from an owner that was killed, and keeps what was written', async () => {
    await using folder = await temporaryFolder();
    const owner = await startApart({ dataDirectory: join(folder.path, 'data'), durable: false });
    await query(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    owner.process.kill('SIGKILL');
    await once(owner.process, 'exit');
    expect(await query(owner.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);

    const successor = await startEmbeddedPostgres(fast(folder));
    expect(successor.pid).not.toBe(owner.pid);
    expect(await commandLineOf(owner.pid)).toBeUndefined();
    expect(successor.url).toBe(owner.url);
    expect(await query(successor.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await successor.stop();
  });

  it('recovers where PostgreSQL itself was killed', async () => {
    await using folder = await temporaryFolder();
    const first = await startEmbeddedPostgres({ ...fast(folder), durable: true });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(first.pid, 'SIGKILL');
    await first.stop();
    const second = await startEmbeddedPostgres({ ...fast(folder), durable: true });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('starts although the number in a stale postmaster.pid now belongs to another program', async () => {
    await using folder = await temporaryFolder();
    const first = await startEmbeddedPostgres(fast(folder));
    await first.stop();
    await writeFile(
      join(first.dataDirectory, 'postmaster.pid'),
      `${process.pid}\n${first.dataDirectory}\n0\n1\n\n\n\nready\n`,
    );
    const second = await startEmbeddedPostgres(fast(folder));
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('is not reached by Ctrl-C, so that its owner can still write and then stops it', async () => {
    await using folder = await temporaryFolder();
    const owner = await startApart({ dataDirectory: join(folder.path, 'data'), durable: false });
    const ownerPid = owner.process.pid ?? 0;
    process.kill(-ownerPid, 'SIGINT');
    expect(await once(owner.process, 'exit')).toEqual([0, null]);
    await untilGone(owner.pid);
    const after = await startEmbeddedPostgres(fast(folder));
    expect(await query(after.url, 'SELECT count(*)::int FROM last_words')).toEqual([{ count: 0 }]);
    await after.stop();
  });

  it.skipIf(process.platform !== 'linux')('does not hand the environment of its owner on', async () => {
    await using folder = await temporaryFolder();
    const owner = await startApart({ dataDirectory: join(folder.path, 'data'), durable: false });
    expect(await readFile(`/proc/${ownerPid(owner)}/environ`, 'utf8')).toContain('not-for-postgres');
    expect(await readFile(`/proc/${owner.pid}/environ`, 'utf8')).not.toContain('not-for-postgres');
    owner.process.kill('SIGINT');
    expect(await once(owner.process, 'exit')).toEqual([0, null]);
  });

  it('is made anew where initdb was interrupted', async () => {
    await using folder = await temporaryFolder();
    const half = join(folder.path, 'data.new-0badcafe');
    await mkdir(half);
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    const postgres = await startEmbeddedPostgres(fast(folder));
    await expect(stat(half)).rejects.toThrow(/ENOENT/);
    await postgres.stop();
  });

  it('refuses data of another version and folders that hold something else', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await mkdir(data);
    await writeFile(join(data, 'holiday.jpg'), '');
    await expect(startEmbeddedPostgres(fast(folder))).rejects.toThrow('neither empty nor a PostgreSQL data folder');
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    await expect(startEmbeddedPostgres(fast(folder))).rejects.toThrow(
      'written by PostgreSQL 17, but this is version 18',
    );
  });

  it('tells the end of its log where it does not come up, and frees the folder', async () => {
    await using folder = await temporaryFolder();
    const broken = { ...fast(folder), settings: { shared_buffers: 'plenty' } };
    await expect(startEmbeddedPostgres(broken)).rejects.toThrow(/invalid value for parameter "shared_buffers"/);
    const postgres = await startEmbeddedPostgres(fast(folder));
    await postgres.stop();
  });
});

describe.skipIf(!isRoot)('an embedded PostgreSQL, started by root', () => {
  it('runs as another user', async () => {
    await using folder = await temporaryFolder();
    const postgres = await startEmbeddedPostgres(fast(folder));
    const { uid } = await stat(join(postgres.dataDirectory, 'postmaster.pid'));
    expect(uid).not.toBe(0);
    await postgres.stop();
  });

  it('keeps its data elsewhere where that user cannot walk, says so once, and finds it again', async () => {
    await using hidden = await temporaryFolder(0o700);
    await using system = await temporaryFolder();
    const options = { dataDirectory: join(hidden.path, 'data'), systemDirectory: system.path, durable: false };
    const owner = await startApart(options);
    expect(owner.logged.filter((line) => line.includes(`its data is kept in ${system.path}`))).toHaveLength(1);
    expect(owner.dataDirectory.startsWith(system.path)).toBe(true);
    await query(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    owner.process.kill('SIGKILL');
    await once(owner.process, 'exit');
    const again = await startEmbeddedPostgres({ ...options, log: SILENT });
    expect(await query(again.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await again.stop();
  });
});

describe('an embedded PostgreSQL, started by an ordinary user', () => {
  it.skipIf(!isRoot)('can be started by root in between', async () => {
    await using folder = await temporaryFolder(0o777);
    const options = { dataDirectory: join(folder.path, 'data'), durable: false };
    const nobody = { uid: 65_534, gid: 65_534 };
    for (const account of [nobody, undefined, nobody]) {
      const owner = await startApart(options, account);
      expect((await stat(join(owner.dataDirectory, 'postmaster.pid'))).uid).toBe(nobody.uid);
      owner.process.kill('SIGKILL');
      await once(owner.process, 'exit');
    }
    const last = await startEmbeddedPostgres({ ...options, log: SILENT });
    await last.stop();
  });

  it('runs as that user', async () => {
    await using folder = await temporaryFolder(isRoot ? 0o777 : 0o755);
    const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : undefined;
    const owner = await startApart({ dataDirectory: join(folder.path, 'data'), durable: false }, nobody);
    const { uid } = await stat(join(owner.dataDirectory, 'postmaster.pid'));
    expect(uid).toBe(nobody?.uid ?? process.getuid?.());
    expect(await query(owner.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    owner.process.kill('SIGINT');
    expect(await once(owner.process, 'exit')).toEqual([0, null]);
    await untilGone(owner.pid);
  });
});

function ownerPid(owner: { process: { pid?: number | undefined } }): number {
  if (owner.process.pid === undefined) throw new Error('the owner has no process');
  return owner.process.pid;
}

import { chown } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import pg from 'pg';
import { BoundedLog } from './bounded-log.js';
import { portFile, prepareDataFolder, readPassword, rememberPort, rememberedPort } from './data-folder.js';
import { freePort, portIsFree } from './free-port.js';
import { OwnerFile } from './owner-file.js';
import { locateBinaries } from './postgres-binaries.js';
import { PostgresProcess } from './postgres-process.js';
import { stopOrphan } from './postmaster-file.js';
import { ownerOf, reachableDataDirectory, runnableBinaries, SYSTEM_DIRECTORY } from './reachable-place.js';
import { unprivilegedAccount } from './system-account.js';

const DATABASE = 'parsimony';

export interface EmbeddedPostgresOptions {
  /** Made where it does not exist. Beside it stand `<directory>.log` and, while we run, `<directory>.owner`. */
  readonly dataDirectory: string;
  /** Otherwise the port of the last start if it is free, or else any free one. */
  readonly port?: number;
  readonly log: PluginLog;
  /** Further PostgreSQL settings, for example `{ shared_buffers: '64MB' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** False in tests only: data then does not survive a power cut. */
  readonly durable?: boolean;
  /** Root only: where data and programs go that PostgreSQL's own user cannot reach; `/var/lib/parsimony` by default. */
  readonly systemDirectory?: string;
}

export interface EmbeddedPostgres {
  /** Address with password; never log it. */
  readonly url: string;
  readonly pid: number;
  /** Where the data really is: under the system directory where PostgreSQL's user cannot reach the wished folder. */
  readonly dataDirectory: string;
  /** Stops PostgreSQL in order. Doing it again does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL on this machine without installing one, as root or as an ordinary user. It listens on the
 * loopback address alone. A server that outlived its owner is stopped first; this one outlives us if we are killed.
 *
 * @throws Error where the folder is in use, unreadable or of another version, or where PostgreSQL does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (!process.getuid) throw new Error('embedded PostgreSQL runs on Linux and macOS; set DATABASE_URL');
  const { log, systemDirectory = SYSTEM_DIRECTORY, durable = true } = options;
  const unprivileged = await unprivilegedAccount();
  const directory = await reachableDataDirectory(unprivileged, resolve(options.dataDirectory), systemDirectory, log);
  const account = await ownerOf(directory, unprivileged);
  const binaries = await runnableBinaries(account, await locateBinaries(), systemDirectory, log);

  await using opened = new AsyncDisposableStack();
  const owner = await OwnerFile.acquire(`${directory}.owner`);
  opened.defer(() => owner.release());
  await prepareDataFolder({ directory, binaries, account, durable });
  await stopOrphan(directory, log);
  const logPath = `${directory}.log`;
  const serverLog = await BoundedLog.open(logPath);
  opened.defer(() => serverLog.close());
  const port = await choosePort(directory, options.port);
  const settings = { ...(durable ? {} : SPEED_OVER_SAFETY), ...options.settings };
  const server = await PostgresProcess.launch({ directory, binaries, account, port, settings, log: serverLog });
  opened.defer(() => server.stop());
  await rememberPort(directory, port);
  // Written by root beside another user's data, they would keep that user from starting without root next time.
  if (account) await Promise.all([logPath, portFile(directory)].map((path) => chown(path, account.uid, account.gid)));
  const password = await readPassword(directory);
  await createDatabase(address(password, port, 'postgres'));

  const running = opened.move();
  let stopping: Promise<void> | undefined;
  void server.exited.then(() => {
    if (!stopping) log.error(`PostgreSQL stopped by itself; see ${logPath}`);
  });
  return {
    url: address(password, port, DATABASE),
    pid: server.pid,
    dataDirectory: directory,
    stop: () => (stopping ??= running.disposeAsync()),
  };
}

const SPEED_OVER_SAFETY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

async function choosePort(directory: string, wished: number | undefined): Promise<number> {
  if (wished !== undefined) {
    if (!(await portIsFree(wished))) throw new Error(`port ${wished} for PostgreSQL is taken`);
    return wished;
  }
  const last = await rememberedPort(directory);
  return last !== undefined && (await portIsFree(last)) ? last : freePort();
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

function address(password: string, port: number, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

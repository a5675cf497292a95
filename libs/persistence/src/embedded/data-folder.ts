import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { majorVersion } from './postgres-binaries.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { SystemAccount } from './system-account.js';

const run = promisify(execFile);

const PASSWORD_FILE = 'parsimony-password';
const PORT_FILE = 'parsimony-port';

export interface DataFolderOptions {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly account: SystemAccount | undefined;
  /** False in tests only: initdb then does not wait for the disk. */
  readonly durable: boolean;
}

/**
 * Makes the data folder where there is none, and checks it where there is one.
 *
 * @throws Error where another major version of PostgreSQL wrote it, or where it is no data folder at all.
 */
export async function prepareDataFolder(options: DataFolderOptions): Promise<void> {
  const { directory, binaries } = options;
  await removeHalfMade(directory);
  const found = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`the data folder ${directory} cannot be read: does it belong to another user?`, { cause: error });
  });
  if (found === undefined) return initialise(options);
  if (found.trim() !== majorVersion(binaries)) {
    throw new Error(
      `the data folder ${directory} was written by PostgreSQL ${found.trim()}, but this is version ` +
        `${majorVersion(binaries)}; move the data over with pg_dump and pg_restore, or choose another folder`,
    );
  }
}

/** The password of the role `postgres`. */
export async function readPassword(directory: string): Promise<string> {
  return (await readFile(join(directory, PASSWORD_FILE), 'utf8')).trim();
}

export function portFile(directory: string): string {
  return join(directory, PORT_FILE);
}

/** The port that the last start used. */
export async function rememberedPort(directory: string): Promise<number | undefined> {
  const port = Number(await readFile(portFile(directory), 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

export async function rememberPort(directory: string, port: number): Promise<void> {
  await writeFile(portFile(directory), `${port}\n`, { mode: 0o600 });
}

async function initialise({ directory, binaries, account, durable }: DataFolderOptions): Promise<void> {
  const present = await readdir(directory).catch(() => []);
  if (present.length > 0) {
    throw new Error(`the data folder ${directory} is neither empty nor a PostgreSQL data folder`);
  }
  // Made beside its place and renamed when whole: an initdb that was interrupted leaves nothing that looks like data.
  const half = `${directory}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${half}.password`;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (account) {
      await chown(half, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await run(
      binaries.initdb,
      [
        `--pgdata=${half}`,
        `--pwfile=${passwordFile}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own C.UTF-8: there on every system, and no upgrade of the C library can spoil an index.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...account, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
    );
    await rename(passwordFile, join(half, PASSWORD_FILE));
    await rename(half, directory);
  } catch (error) {
    throw new Error(`PostgreSQL could not make the data folder ${directory}`, { cause: error });
  } finally {
    await removeHalfMade(directory);
  }
}

async function removeHalfMade(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(directory)}.new-`)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

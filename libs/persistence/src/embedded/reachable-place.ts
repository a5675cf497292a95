import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import { binariesIn } from './postgres-binaries.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { SystemAccount } from './system-account.js';

/** Where data and programs go that PostgreSQL's own user could not reach, such as those under root's home. */
export const SYSTEM_DIRECTORY = '/var/lib/parsimony';

/** The data folder itself, or its stand-in under the system directory where the account cannot walk to it. */
export async function reachableDataDirectory(
  account: SystemAccount | undefined,
  directory: string,
  systemDirectory: string,
  log: PluginLog,
): Promise<string> {
  await mkdir(dirname(directory), { recursive: true });
  if (!account || canWalk(account, dirname(directory))) return directory;
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const standIn = join(systemDirectory, hash, basename(directory));
  await makePublicDirectory(systemDirectory);
  await makePublicDirectory(dirname(standIn));
  log.warn(`PostgreSQL's own user cannot reach ${directory}, so its data is kept in ${standIn}`);
  return standIn;
}

/** The programs themselves, or a copy under the system directory where the account cannot run them. */
export async function runnableBinaries(
  account: SystemAccount | undefined,
  binaries: PostgresBinaries,
  systemDirectory: string,
  log: PluginLog,
): Promise<PostgresBinaries> {
  if (!account || canRun(account, binaries)) return binaries;
  const copy = binariesIn(join(systemDirectory, `postgres-${binaries.version}`), binaries.version);
  if (!canRun(account, copy)) {
    log.warn(`PostgreSQL's own user cannot run ${binaries.postgres}, so its programs are copied to ${copy.root}`);
    await makePublicDirectory(systemDirectory);
    await copyForAll(binaries.root, copy.root);
  }
  if (!canRun(account, copy)) throw new Error(`PostgreSQL's own user cannot run ${copy.postgres}`);
  return copy;
}

/** Whoever owns an existing data folder runs it: PostgreSQL accepts nobody else. */
export async function ownerOf(
  directory: string,
  otherwise: SystemAccount | undefined,
): Promise<SystemAccount | undefined> {
  if (!otherwise) return undefined;
  const owner = await stat(directory).catch(() => undefined);
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : otherwise;
}

function canWalk(account: SystemAccount, directory: string): boolean {
  return spawnSync('test', ['-x', directory], { ...account, cwd: '/' }).status === 0;
}

function canRun(account: SystemAccount, binaries: PostgresBinaries): boolean {
  return spawnSync(binaries.postgres, ['--version'], { ...account, cwd: '/' }).status === 0;
}

async function makePublicDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // The umask of root may have hidden the new folder from the very user that it is for.
  await chmod(directory, 0o755);
}

async function copyForAll(source: string, target: string): Promise<void> {
  const half = `${target}.new-${randomBytes(4).toString('hex')}`;
  try {
    await cp(source, half, { recursive: true, verbatimSymlinks: true });
    await chmod(half, 0o755);
    for (const entry of await readdir(half, { recursive: true })) {
      const path = join(half, entry);
      const found = await lstat(path);
      if (!found.isSymbolicLink()) await chmod(path, found.mode & 0o100 ? 0o755 : 0o644);
    }
    await rm(target, { recursive: true, force: true });
    await rename(half, target);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

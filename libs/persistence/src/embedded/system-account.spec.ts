import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { SILENT } from '../testing/test-server.js';
import { binariesIn, locateBinaries } from './postgres-binaries.js';
import { ownerOf, runnableBinaries } from './reachable-place.js';
import { unprivilegedAccount } from './system-account.js';

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)('what root prepares for PostgreSQL', () => {
  it('makes the user where it does not exist, once', async () => {
    const name = `parsimony-spec-${process.pid}`;
    try {
      const made = await unprivilegedAccount(name);
      expect(made?.uid).toBe(Number(execFileSync('id', ['-u', name])));
      expect(await unprivilegedAccount(name)).toEqual(made);
    } finally {
      execFileSync('userdel', [name]);
    }
  });

  it('copies programs that the user cannot run', async () => {
    await using hidden = await temporaryFolder(0o700);
    await using system = await temporaryFolder();
    const account = await unprivilegedAccount();
    const installed = await locateBinaries();
    await cp(installed.root, join(hidden.path, 'native'), { recursive: true, verbatimSymlinks: true });
    const unreachable = binariesIn(join(hidden.path, 'native'), installed.version);
    const copy = await runnableBinaries(account, unreachable, system.path, SILENT);
    expect(copy.root).toBe(join(system.path, `postgres-${installed.version}`));
    expect(execFileSync(copy.postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8' })).toContain('18.');
  });

  it('leaves a data folder to the user who owns it', async () => {
    await using folder = await temporaryFolder();
    const account = await unprivilegedAccount();
    execFileSync('chown', ['65534:65534', folder.path]);
    expect(await ownerOf(folder.path, account)).toEqual({ uid: 65_534, gid: 65_534 });
    expect(await ownerOf(join(folder.path, 'not-there'), account)).toEqual(account);
  });
});

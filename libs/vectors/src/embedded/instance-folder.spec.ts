import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { InstanceFolder } from './instance-folder.js';
import { startOf } from './process-start.js';

describe('InstanceFolder', () => {
  let root: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    root = await aFolder();
  });
  afterEach(() => root[Symbol.asyncDispose]());

  it('gives each of those who are alive a folder of their own', () => {
    using first = InstanceFolder.claim(root.path);
    using second = InstanceFolder.claim(root.path);
    expect(first.path).not.toBe(second.path);
    expect(readdirSync(root.path)).toHaveLength(2);
  });

  it('gives what was left to whoever comes next', () => {
    const first = InstanceFolder.claim(root.path);
    writeFileSync(join(first.path, 'kept'), 'text');
    first[Symbol.dispose]();
    using second = InstanceFolder.claim(root.path);
    expect(readdirSync(second.path)).toEqual(['kept']);
    expect(readdirSync(root.path)).toHaveLength(1);
  });

  it('takes over from a process that was killed, and from nobody that lives', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const mine = InstanceFolder.claim(root.path);
    writeFileSync(join(mine.path, 'kept'), 'text');
    const { pid = 0 } = child;
    const theirs = mine.path.replace(`${process.pid}-${startOf(process.pid)}-`, `${pid}-${startOf(pid)}-`);
    renameSync(mine.path, theirs);

    using beside = InstanceFolder.claim(root.path);
    expect(readdirSync(beside.path)).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    using heir = InstanceFolder.claim(root.path);
    expect(readdirSync(heir.path)).toEqual(['kept']);
  });

  it('does not take a stranger with the same process number for the owner', () => {
    mkdirSync(join(root.path, `${process.pid}-1-00000000-0000-4000-8000-000000000000`));
    using folder = InstanceFolder.claim(root.path);
    expect(folder.path).toContain('00000000-0000-4000-8000-000000000000');
  });

  it('removes what nobody has opened for a month', () => {
    const left = join(root.path, '0--00000000-0000-4000-8000-000000000000');
    mkdirSync(left);
    const old = new Date(Date.now() - 31 * 24 * 3600 * 1000);
    utimesSync(left, old, old);
    using folder = InstanceFolder.claim(root.path);
    expect(existsSync(left)).toBe(false);
    expect(folder.path).not.toContain('00000000-0000-4000-8000-000000000000');
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCK = Buffer.alloc(4096);

/** A real file system of so many KiB, in memory. */
export class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'parsimony-small-disk-'));

  constructor(kibibytes: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', this.path], { stdio: 'ignore' });
    } catch (error) {
      rmSync(this.path, { recursive: true });
      throw error;
    }
  }

  /** Leaves no room but what is left in the last block of each file. */
  fill(): void {
    for (;;) {
      try {
        writeFileSync(join(this.path, 'ballast'), BLOCK, { flag: 'a' });
      } catch {
        return;
      }
    }
  }

  makeRoom(): void {
    rmSync(join(this.path, 'ballast'), { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.path]);
    rmSync(this.path, { recursive: true });
  }
}

/** Whether this process may mount a file system: Linux, as root, with the capability. */
export const canMount: boolean = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    using disk = new SmallDisk(64);
    return disk.path !== '';
  } catch {
    return false;
  }
})();

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page of memory, which is tmpfs's block. */
const BLOCK_BYTES = 4096;

/** A real file system of so many KiB, in memory. */
export class SmallDisk implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'parsimony-small-disk-'));

  constructor(kibibytes: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', this.directory], { stdio: 'ignore' });
    } catch (error) {
      rmSync(this.directory, { recursive: true });
      throw error;
    }
  }

  get ballast(): string {
    return join(this.directory, 'ballast');
  }

  /** Leaves no room but `free` blocks, and what is left in the last block of each file. */
  fill(free = 0): void {
    const block = Buffer.alloc(BLOCK_BYTES);
    for (let blocks = 0; blocks < 1 << 16; blocks++) {
      try {
        writeFileSync(this.ballast, block, { flag: 'a' });
      } catch {
        truncateSync(this.ballast, (blocks - free) * BLOCK_BYTES);
        return;
      }
    }
    throw new Error('the disk does not get full');
  }

  makeRoom(): void {
    rmSync(this.ballast, { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.directory]);
    rmSync(this.directory, { recursive: true });
  }
}

/** Whether this process may mount a file system: Linux, as root, with the capability. */
export const canMount: boolean = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    using disk = new SmallDisk(64);
    return disk.directory !== '';
  } catch {
    return false;
  }
})();

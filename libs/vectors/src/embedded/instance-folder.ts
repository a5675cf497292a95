import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './process-start.js';

/** Owner's process number and start, and what makes the name unique. */
const NAME = /^(\d+)-(\d*)-([0-9a-f-]{36})$/;
/** Nobody's. */
const FREE = '0-';
/** A folder that nobody has opened for that long (milliseconds) is of a gateway that is no more: caches may go. */
const STALE = 30 * 24 * 3600 * 1000;

/**
 * A folder that this process alone writes, within one that several processes of a machine share. The folder's name says
 * whose it is, so that taking over a dead process's folder is one renaming, which only one process wins.
 */
export class InstanceFolder implements Disposable {
  readonly #root: string;
  readonly #unique: string;
  readonly path: string;

  private constructor(root: string, name: string, unique: string) {
    this.#root = root;
    this.#unique = unique;
    this.path = join(root, name);
  }

  /** Takes the folder that was used last among those without an owner, or a new one. @throws Error of the file system */
  static claim(root: string): InstanceFolder {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    for (const { name, unique, usedAt } of ownerless(root)) {
      if (Date.now() - usedAt > STALE) rmSync(join(root, name), { recursive: true, force: true });
      else if (renamed(join(root, name), join(root, ownName(unique)))) return InstanceFolder.#opened(root, unique);
    }
    const unique = randomUUID();
    mkdirSync(join(root, ownName(unique)), { mode: 0o700 });
    return InstanceFolder.#opened(root, unique);
  }

  static #opened(root: string, unique: string): InstanceFolder {
    const folder = new InstanceFolder(root, ownName(unique), unique);
    const now = new Date();
    utimesSync(folder.path, now, now);
    return folder;
  }

  /** Leaves the folder to whoever comes next. */
  [Symbol.dispose](): void {
    renamed(this.path, join(this.#root, `${FREE}-${this.#unique}`));
  }
}

function ownName(unique: string): string {
  return `${process.pid}-${startOf(process.pid) ?? ''}-${unique}`;
}

function ownerless(root: string): { name: string; unique: string; usedAt: number }[] {
  const found = [];
  for (const name of readdirSync(root)) {
    const [, pid, start, unique] = NAME.exec(name) ?? [];
    if (unique === undefined || (Number(pid) > 0 && startOf(Number(pid)) === start)) continue;
    const status = statSync(join(root, name), { throwIfNoEntry: false });
    if (status) found.push({ name, unique, usedAt: status.mtimeMs });
  }
  return found.sort((a, b) => b.usedAt - a.usedAt);
}

/** False where another process was quicker. */
function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

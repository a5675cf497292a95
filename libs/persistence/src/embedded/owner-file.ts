import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { processIdentity } from './process-identity.js';

interface Owner {
  readonly pid: number;
  readonly identity: string;
}

/**
 * Says which process owns a data folder, so that a second start beside a live first one is refused, whereas a start
 * after `kill -9` may take the folder over.
 */
export class OwnerFile {
  private constructor(private readonly path: string) {}

  /** @throws Error where the owner that the file names still runs. */
  static async acquire(path: string): Promise<OwnerFile> {
    const self: Owner = { pid: process.pid, identity: (await processIdentity(process.pid)) ?? '' };
    for (;;) {
      if (await createWhole(path, JSON.stringify(self))) return new OwnerFile(path);
      const owner = await liveOwner(path);
      if (owner) {
        throw new Error(`process ${owner.pid} already runs PostgreSQL here; stop it first (it is named in ${path})`);
      }
      await rm(path, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/**
 * Creates a file together with its text: whoever read it empty would take its owner for dead.
 *
 * @returns false where the file exists already.
 */
async function createWhole(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o644 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The owner that the file names, if it is still the same process. */
export async function liveOwner(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const owner = parseOwner(text);
  if (!owner) return undefined;
  return (await processIdentity(owner.pid)) === owner.identity ? owner : undefined;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, identity } = value as Partial<Owner>;
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined;
  } catch {
    return undefined;
  }
}

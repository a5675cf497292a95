import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ScopeIndex } from './scope-index.js';

const NAME = /^([0-9a-f]{32})\.([0-9a-f]{8})\.index$/;

/** What a dead process may have left half written. */
const DRAFT = '.draft';

/**
 * The graphs of a tenant's large scopes, which take long to make. What they say is checked against the log's entries, so
 * that an old one, or none, costs time alone. A file's name carries its checksum: a damaged graph would crash the process.
 */
export class IndexFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a scope's graph. Others are not served while the library writes. @throws Error */
  async save(scope: ScopeIndex): Promise<void> {
    if (scope.indexedSize === 0) return;
    const draft = join(this.#folder, `${nameOf(scope)}${DRAFT}`);
    try {
      scope.save(draft);
      const name = `${nameOf(scope)}.${await checksum(draft)}.index`;
      await rename(draft, join(this.#folder, name));
      await this.#remove((other) => other.startsWith(nameOf(scope)) && other !== name);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Reads what files there are; those that are damaged or belong to no scope are deleted. @throws Error of the file system */
  async load(scopes: Iterable<ScopeIndex>): Promise<void> {
    const byName = new Map<string, ScopeIndex>();
    const files = await readdir(this.#folder);
    for (const scope of scopes) if (scope.backlog > 0) byName.set(nameOf(scope), scope);
    for (const file of files) {
      const [, name = '', sum] = NAME.exec(file) ?? [];
      const scope = byName.get(name);
      const path = join(this.#folder, file);
      if (scope && (await checksum(path)) === sum) scope.load(path);
      else if (sum || file.endsWith(DRAFT)) await rm(path, { force: true });
    }
  }

  async #remove(chosen: (file: string) => boolean): Promise<void> {
    for (const file of await readdir(this.#folder))
      if (chosen(file)) await rm(join(this.#folder, file), { force: true });
  }
}

function nameOf(scope: ScopeIndex): string {
  return createHash('sha256').update(scope.name).digest('hex').slice(0, 32);
}

async function checksum(path: string): Promise<string> {
  let sum = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) sum = crc32(chunk as Buffer, sum);
  return sum.toString(16).padStart(8, '0');
}

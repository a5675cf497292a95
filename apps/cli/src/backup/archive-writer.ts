import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import type { ArchivedMember } from './manifest.js';

/** A member is held in memory until it is written: tar says a member's length before its bytes. */
const MEMBER_BYTES = 4 << 20;

/** Writes a gzipped tar beside its place and renames it when it is whole and on the disk. */
export class ArchiveWriter {
  readonly #pack: Pack = pack();
  readonly #partial: string;
  readonly #written: Promise<void>;

  constructor(private readonly path: string) {
    this.#partial = `${path}.partial`;
    // For its owner alone: it holds every tenant's ledger, and hashes of keys.
    const file = createWriteStream(this.#partial, { mode: 0o600 });
    this.#written = pipeline(this.#pack, createGzip(), file);
    // Whoever writes meets the error; until somebody does, it must not end the process.
    this.#written.catch(() => undefined);
  }

  /**
   * Adds a stream as members of bounded size.
   *
   * @param folder the members' common name, `folder/000001` and so on.
   */
  async addStream(folder: string, source: AsyncIterable<Buffer>): Promise<ArchivedMember[]> {
    const members: ArchivedMember[] = [];
    let chunks: Buffer[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const name = `${folder}/${String(members.length + 1).padStart(6, '0')}`;
      members.push(await this.add(name, Buffer.concat(chunks)));
      chunks = [];
      bytes = 0;
    };
    for await (const chunk of source) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MEMBER_BYTES) await flush();
    }
    if (bytes > 0) await flush();
    return members;
  }

  /** Adds a member and waits until there is room for the next one. @throws the file system's error. */
  async add(name: string, content: Buffer): Promise<ArchivedMember> {
    try {
      const taken = new Promise<void>((resolve, reject) => {
        this.#pack.entry({ name, mode: 0o600 }, content, (error) => (error ? reject(error) : resolve()));
      });
      // A full disk breaks the pipeline; the member would wait for ever.
      await Promise.race([taken, this.#written]);
    } catch (error) {
      // Whatever tar says of a pipeline that broke, the file's own error says why.
      await this.#written;
      throw error;
    }
    return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  }

  /** @returns once the archive stands in its place. */
  async finish(): Promise<void> {
    this.#pack.finalize();
    await this.#written;
    await sync(this.#partial);
    await rename(this.#partial, this.path);
    await sync(dirname(this.path));
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

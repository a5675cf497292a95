import { closeSync, constants, fdatasync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { LogRewrite } from './log-rewrite.js';
import { readRecords } from './read-records.js';
import type { LogRecord } from './records.js';
import { writeAll } from './write-all.js';

const syncData = promisify(fdatasync);
/** Appending: after a cut, writing would go on behind a gap. */
const APPENDED_ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/**
 * Records one after the other in a file. What a killed process left half written is cut off at the next opening: the
 * checksum tells. A record that was appended survives the death of the process; a power cut may cost what was not yet
 * synchronised.
 */
export class RecordLog {
  readonly #path: string;
  #descriptor: number;
  #size: number;
  #torn = false;
  #synced: number;
  #rewrite: LogRewrite | undefined;
  #syncing: Promise<void> | undefined;

  private constructor(path: string, descriptor: number, size: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#size = size;
    this.#synced = size;
  }

  /**
   * Opens a log, and makes it where there is none.
   *
   * @returns with `lost`: bytes cut off at the end
   * @throws Error of the file system
   */
  static async open(path: string, each: (record: LogRecord) => void): Promise<{ log: RecordLog; lost: number }> {
    rmSync(rewritePath(path), { force: true });
    const descriptor = openSync(path, 'a+', 0o600);
    try {
      const { good, size } = await readRecords(path, each);
      if (good < size) ftruncateSync(descriptor, good);
      return { log: new RecordLog(path, descriptor, good), lost: size - good };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /** Writes records, all or none. @throws Error of the file system */
  append(records: Uint8Array): void {
    if (this.#torn) this.#cut();
    try {
      writeAll(this.#descriptor, records);
    } catch (error) {
      this.#torn = true;
      this.#cut();
      throw error;
    }
    this.#size += records.length;
    this.#rewrite?.follow(records);
  }

  /** Brings what was appended to the disk. @throws Error of the file system */
  sync(): Promise<void> {
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /** Starts a shorter log that takes this one's place. @throws Error of the file system */
  rewrite(): LogRewrite {
    const descriptor = openSync(rewritePath(this.#path), APPENDED_ANEW, 0o600);
    this.#rewrite = new LogRewrite(descriptor, () => {
      this.#rewrite = undefined;
    });
    return this.#rewrite;
  }

  /** Puts a rewritten log in this one's place. @throws Error of the file system; the old log stays */
  async adopt(rewrite: LogRewrite): Promise<void> {
    try {
      await syncData(rewrite.descriptor);
      rewrite.catchUp();
      renameSync(rewritePath(this.#path), this.#path);
    } catch (error) {
      rewrite.abandon();
      throw error;
    }
    const old = this.#descriptor;
    [this.#descriptor, this.#size, this.#synced, this.#torn] = [rewrite.descriptor, rewrite.size, 0, false];
    this.#rewrite = undefined;
    await this.#closeFile(old);
  }

  async close(): Promise<void> {
    this.#rewrite?.abandon();
    await this.#closeFile(this.#descriptor);
  }

  async #sync(): Promise<void> {
    const { size } = this;
    if (this.#synced === size) return;
    await syncData(this.#descriptor);
    this.#synced = size;
  }

  /** A descriptor that is closed while it is synchronised may by then be another file's. */
  async #closeFile(descriptor: number): Promise<void> {
    await this.#syncing?.catch(() => undefined);
    closeSync(descriptor);
  }

  /** Takes half a record away, behind which nothing could be read. @throws Error of the file system */
  #cut(): void {
    ftruncateSync(this.#descriptor, this.#size);
    this.#torn = false;
  }
}

function rewritePath(path: string): string {
  return `${path}.rewrite`;
}

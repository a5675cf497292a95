import { closeSync, fdatasync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';

/** One file of the journal. */
export class Segment {
  /** Bytes of whole groups; what lies behind them is a write that failed half-way. */
  written = 0;
  /** Bytes that the database has. */
  flushed = 0;
  sealed = false;
  readonly #descriptor: number;
  #synced = 0;
  #closed = false;

  constructor(readonly path: string) {
    this.#descriptor = openSync(path, 'a', 0o600);
  }

  /**
   * Appends a group, whole or not at all.
   *
   * @throws the file system's error, such as ENOSPC, or Error after `close`.
   */
  append(group: Buffer): void {
    // The number of a closed file may be that of a socket by now, into which the journal would be written.
    if (this.#closed) throw new Error(`${this.path} is closed`);
    let done = 0;
    try {
      while (done < group.length) done += writeSync(this.#descriptor, group, done);
    } catch (error) {
      // A torn line would garble the one that is written behind it.
      if (done > 0) ftruncateSync(this.#descriptor, this.written);
      throw error;
    }
    this.written += group.length;
  }

  /** Forces what was written to the disk, off the event loop. */
  sync(done: (error: Error | null) => void): void {
    const { written } = this;
    if (this.#closed || this.#synced === written) return done(null);
    fdatasync(this.#descriptor, (error) => {
      if (!error) this.#synced = written;
      done(error);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}

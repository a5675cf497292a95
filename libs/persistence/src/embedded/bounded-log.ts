import { copyFile, open, readFile, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

const LARGEST_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 60_000;

/**
 * PostgreSQL's log: a file that PostgreSQL writes itself, so that a busy or killed parent never makes it wait on a pipe.
 * Where it has grown past 8 MiB it becomes `<path>.1` and begins anew.
 */
export class BoundedLog {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly largestBytes: number,
  ) {
    this.timer = setInterval(() => void this.rotate().catch(() => undefined), LOOK_EVERY_MS);
    this.timer.unref();
  }

  static async open(path: string, largestBytes = LARGEST_BYTES): Promise<BoundedLog> {
    // Appending, so that PostgreSQL's next line lands at the new end after the file was cut.
    const log = new BoundedLog(path, await open(path, 'a', 0o600), largestBytes);
    await log.rotate();
    return log;
  }

  get descriptor(): number {
    return this.handle.fd;
  }

  async rotate(): Promise<void> {
    if ((await stat(this.path)).size <= this.largestBytes) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path, 0);
  }

  /** The last lines, for the message of an error. */
  async tail(lines: number): Promise<string> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.handle.close();
  }
}

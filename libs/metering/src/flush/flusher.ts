import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { AbandonedJournal, JournalFiles } from '../journal/journal-files.js';
import type { Journal } from '../journal/journal.js';
import type { Segment } from '../journal/segment.js';
import { writeAround, type RejectedRows, type WriteRows } from './batch-writer.js';
import { replay, type ReplayReport } from './replay.js';
import { readStretch, settledRows } from './segment-rows.js';

export interface FlusherOptions {
  readonly intervalMs: number;
  /** Bytes of journal that one transaction takes at most. */
  readonly batchBytes: number;
  /** The longest wait between two tries while the database is away. */
  readonly longestWaitMs: number;
  /** Says in the database that nothing of a journal is missing in the ledger, and that nothing will be added to it. */
  readonly closeJournal: (instance: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
  readonly onReplay: (report: ReplayReport) => void;
}

/** Carries the journal to the ledger in the background, and at the start whatever dead processes left behind. */
export class Flusher {
  #running: Promise<void> | undefined;
  #abandoned: AbandonedJournal[];
  #stopping = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #write: WriteRows;

  constructor(
    private readonly journal: Journal,
    private readonly files: JournalFiles,
    write: WriteRows,
    private readonly rejects: RejectedRows,
    private readonly options: FlusherOptions,
  ) {
    this.#abandoned = files.abandoned();
    this.#write = (rows) => writeAround(rows, write, rejects);
    this.#schedule();
  }

  /** Whether the database has not taken the last batch. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  /**
   * Brings all that is in the journal now to the ledger.
   *
   * @throws the database's error; the journal keeps what could not be written.
   */
  async flush(): Promise<void> {
    // A run that is under way may already have passed what was written meanwhile.
    await this.#running?.catch(() => undefined);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /**
   * Stops the background work after one last try within `graceMs`. Nothing may be appended to the journal from now on; where
   * all of it has come to the ledger, it is closed.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.journal.seal();
    await Promise.race([this.#finish().catch(this.options.onFault), delay(graceMs, undefined, { ref: false })]);
  }

  async #finish(): Promise<void> {
    await this.flush();
    const { journal } = this;
    if (this.rejects.count > 0 || journal.openReservations + journal.unwritten + journal.backlogBytes > 0) return;
    await this.options.closeJournal(journal.instance);
    journal.closed = true;
  }

  #schedule(): void {
    if (this.#stopping) return;
    const wait = Math.min(this.options.intervalMs * 2 ** this.#failures, this.options.longestWaitMs);
    this.#timer = setTimeout(() => {
      void this.flush()
        .catch(this.options.onFault)
        .finally(() => this.#schedule());
    }, wait);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    try {
      await this.#adopt();
      for (const segment of [...this.journal.segments]) await this.#flushSegment(segment);
      this.journal.prune();
      this.#failures = 0;
    } catch (error) {
      this.#failures = Math.min(this.#failures + 1, 16);
      throw error;
    }
  }

  async #adopt(): Promise<void> {
    for (let next = this.#abandoned[0]; next; next = this.#abandoned[0]) {
      // Another process of the same folder may have adopted it at the same time, and have removed what it has written.
      const segments = next.segments.filter((path) => existsSync(path));
      const rejected = this.rejects.count;
      const report = await replay({ ...next, segments }, this.#write);
      this.options.onReplay(report);
      // As long as the files are there, whoever dies here is made up for by the next who adopts them.
      if (report.garbled === 0 && this.rejects.count === rejected) await this.options.closeJournal(next.instance);
      for (const path of segments) await rm(path, { force: true });
      this.files.forget(next.instance);
      this.#abandoned = this.#abandoned.slice(1);
    }
  }

  async #flushSegment(segment: Segment): Promise<void> {
    const end = segment.written;
    let longest = this.options.batchBytes;
    while (segment.flushed < end) {
      const length = Math.min(longest, end - segment.flushed);
      const { rows, consumed } = settledRows(await readStretch(segment.path, segment.flushed, length));
      if (rows.length > 0) await this.#write(rows);
      segment.flushed += consumed;
      if (consumed === 0 && length === end - segment.flushed) throw new Error(`${segment.path} ends within a line`);
      // A line that is longer than a batch must not stop all that come behind it.
      longest = consumed === 0 ? longest * 2 : this.options.batchBytes;
    }
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { RejectedRows } from '../src/flush/batch-writer.js';
import { Flusher, type FlusherOptions } from '../src/flush/flusher.js';
import { LedgerWriter } from '../src/flush/ledger-writer.js';
import type { ReplayReport } from '../src/flush/replay.js';
import type { JournalFiles } from '../src/journal/journal-files.js';
import type { Journal } from '../src/journal/journal.js';

export interface StoredRow {
  readonly call_id: string;
  readonly rung: number;
  readonly cost: string;
  readonly reserved: string;
  readonly settlement: string | null;
  readonly closes: boolean;
  readonly status: string | null;
  readonly rung_status: string | null;
  readonly error_code: string | null;
  readonly [column: string]: unknown;
}

/** The real ledger, with all that leads to it. */
export class Ledger implements AsyncDisposable {
  readonly faults: unknown[] = [];
  readonly replays: ReplayReport[] = [];
  readonly writer: LedgerWriter;
  readonly rejects: RejectedRows;
  readonly #writers: LedgerWriter[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'parsimony-rejects-'));

  private constructor(readonly database: TestDatabase) {
    this.writer = this.#newWriter();
    this.rejects = new RejectedRows(join(this.#folder, 'rejected.rows'), (error) => this.faults.push(error));
  }

  static async open(): Promise<Ledger> {
    return new Ledger(await startTestDatabase());
  }

  /** A flusher with a connection of its own, that works only when it is told to, unless `options` say otherwise. */
  flusher(journal: Journal, files: JournalFiles, options: Partial<FlusherOptions> = {}): Flusher {
    const writer = this.#newWriter();
    return new Flusher(journal, files, (rows) => writer.write(rows), this.rejects, {
      intervalMs: 3_600_000,
      batchBytes: 1 << 20,
      longestWaitMs: 3_600_000,
      closeJournal: (instance) => writer.closeJournal(instance),
      onFault: (error) => this.faults.push(error),
      onReplay: (report) => this.replays.push(report),
      ...options,
    });
  }

  /** All rows, in the order of their calls' ids and rungs. */
  rows(): Promise<StoredRow[]> {
    return this.database.dataSource.query('SELECT * FROM usage ORDER BY call_id, rung');
  }

  /** The journals of which the database knows that all of them stands in the ledger. */
  async closedJournals(): Promise<string[]> {
    const rows: { readonly instance: string }[] = await this.database.dataSource.query(
      'SELECT instance FROM closed_journal ORDER BY at',
    );
    return rows.map(({ instance }) => instance);
  }

  async clear(): Promise<void> {
    await this.database.dataSource.query('TRUNCATE usage, closed_journal');
    this.rejects.count = 0;
    this.faults.length = 0;
    this.replays.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.close()));
    await this.database.stop();
    rmSync(this.#folder, { recursive: true });
  }

  #newWriter(): LedgerWriter {
    const writer = new LedgerWriter(this.database.url, (error) => this.faults.push(error));
    this.#writers.push(writer);
    return writer;
  }
}

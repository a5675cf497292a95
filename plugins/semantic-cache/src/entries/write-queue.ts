import { DatabaseUnavailable } from '@parsimony/contract';
import type { PluginDatabase, PluginLog } from '@parsimony/contract';
import { reasonOf } from '../faults/reason-of.js';
import { bytesOf, type Entry } from './entry.js';
import { columnsOf, UPSERT } from './entry-row.js';

interface Waiting {
  readonly entry: Entry;
  readonly bytes: number;
  /** Of who waits for the row; the others' are written as soon as the database is back. */
  readonly written: PromiseWithResolvers<void> | undefined;
}

/** @see WriteQueue */
export interface WriteQueueOptions {
  readonly database: PluginDatabase;
  readonly log: PluginLog;
  /** Whether an entry was purged meanwhile. */
  readonly isPurged: (entry: Entry) => boolean;
  /** Beyond it new entries are not written. */
  readonly maxBytes: number;
  /** How long entries are gathered. */
  readonly gatherMs: number;
  /** After a failure. */
  readonly retryMs: number;
}

const LARGEST_BATCH = 200;
const LARGEST_BATCH_BYTES = 4 * 1024 * 1024;
const FLUSH_ATTEMPTS_AT_CLOSE = 2;

/** Writes entries behind their calls, in batches. It is bounded: a database that is away must not fill the memory. */
export class WriteQueue {
  #queue: Waiting[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<boolean> | undefined;
  #full = false;

  constructor(private readonly options: WriteQueueOptions) {}

  add(entry: Entry): void {
    this.#push(entry, undefined);
  }

  /** Waits until the entry is in PostgreSQL. @throws DatabaseUnavailable */
  write(entry: Entry): Promise<void> {
    const written = Promise.withResolvers<void>();
    this.#push(entry, written);
    return written.promise;
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** Waits for the statement that is under way: what it writes is then there to be purged. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Writes what waits, as far as the database takes it. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (let attempt = 0; attempt < FLUSH_ATTEMPTS_AT_CLOSE && this.#queue.length > 0;) {
      if (!(await this.#writeBatch())) attempt += 1;
    }
    clearTimeout(this.#timer);
    for (const { written } of this.#queue) written?.reject(new DatabaseUnavailable('the cache has closed'));
    this.#queue = [];
  }

  #push(entry: Entry, written: PromiseWithResolvers<void> | undefined): void {
    const bytes = bytesOf(entry);
    if (this.#bytes + bytes > this.options.maxBytes) {
      if (!this.#full) this.options.log.warn('answers are not kept: too many wait to be written');
      this.#full = true;
      written?.reject(new DatabaseUnavailable('too many answers wait to be written'));
      return;
    }
    this.#queue.push({ entry, bytes, written });
    this.#bytes += bytes;
    this.#schedule(this.options.gatherMs);
  }

  #schedule(afterMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#writeBatch().then((done) => {
        if (this.#queue.length > 0) this.#schedule(done ? 0 : this.options.retryMs);
      });
    }, afterMs);
  }

  /** @returns whether the database took it. */
  async #writeBatch(): Promise<boolean> {
    await this.#writing;
    const batch = this.#takeBatch();
    this.#writing = this.#send(batch).finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #send(batch: readonly Waiting[]): Promise<boolean> {
    try {
      await this.#upsert(batch);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) return this.#sendSingly(batch);
      this.#putBack(batch, error);
      return false;
    }
    this.#full = false;
    for (const { written } of batch) written?.resolve();
    return true;
  }

  /** One row that PostgreSQL refuses would hold all others back for ever. */
  async #sendSingly(batch: readonly Waiting[]): Promise<true> {
    for (const waiting of batch) {
      try {
        await this.#upsert([waiting]);
        waiting.written?.resolve();
      } catch (error) {
        this.options.log.warn('an answer could not be written', { kind: waiting.entry.kind, reason: reasonOf(error) });
        waiting.written?.reject(new DatabaseUnavailable('the entry could not be written', { cause: error }));
      }
    }
    return true;
  }

  async #upsert(batch: readonly Waiting[]): Promise<void> {
    const latest = new Map(batch.map(({ entry }) => [entry.tenantId + entry.id, entry]));
    const entries = [...latest.values()].filter((entry) => !this.options.isPurged(entry));
    if (entries.length > 0) await this.options.database.query(UPSERT, columnsOf(entries));
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#queue.length && count < LARGEST_BATCH && bytes < LARGEST_BATCH_BYTES)
      bytes += this.#queue[count++]?.bytes ?? 0;
    this.#bytes -= bytes;
    return this.#queue.splice(0, count);
  }

  #putBack(batch: readonly Waiting[], error: unknown): void {
    const patient = batch.filter(({ written }) => !written);
    for (const { written } of batch) written?.reject(error);
    this.#queue.unshift(...patient);
    for (const { bytes } of patient) this.#bytes += bytes;
  }
}

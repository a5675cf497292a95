import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { VectorMatch } from '@parsimony/contract';
import type { Background } from './background.js';
import type { Entry } from './entry.js';
import { IndexFiles } from './index-files.js';
import { RecordLog } from './record-log.js';
import { encodeRecord, type LogRecord, upsertBytes } from './records.js';
import { SCANNED, ScopeIndex } from './scope-index.js';
import { VectorArena } from './vector-arena.js';

type UpsertRecord = Extract<LogRecord, { kind: 'upsert' }>;
export type NewEntry = Omit<UpsertRecord, 'kind' | 'key'>;
export type Warn = (message: string, fields: { [name: string]: string | number }) => void;

const LARGEST_KEY = 2 ** 52;
/** How long a full disk is left alone before a log is rewritten again, in milliseconds. */
const REWRITE_PAUSE = 60_000;
/** A log shorter than this, in bytes, is not worth rewriting. */
const SHORT_LOG = 1 << 20;
/** Entries that a scope's graph gains before it is saved again; a third of its entries where that is more. */
const WORTH_SAVING = 4096;

/** A tenant's vectors of one collection: in memory to be searched, in a log to outlive the process. */
export class TenantStore {
  readonly #byId = new Map<string, Entry>();
  readonly #scopes = new Map<string, ScopeIndex>();
  readonly #arena: VectorArena;
  readonly #background: Background;
  readonly #warn: Warn;
  readonly #indexFiles: IndexFiles;
  #log: RecordLog | undefined;
  #liveBytes = 0;
  #rewriting: Promise<void> | undefined;
  #rewriteAfter = 0;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, dimensions: number, background: Background, warn: Warn) {
    this.#arena = new VectorArena(dimensions);
    this.#background = background;
    this.#warn = warn;
    this.#indexFiles = new IndexFiles(folder);
  }

  /** @throws Error of the file system */
  static async open(folder: string, dimensions: number, background: Background, warn: Warn): Promise<TenantStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new TenantStore(folder, dimensions, background, warn);
    const now = Date.now();
    const { log, lost } = await RecordLog.open(join(folder, 'log'), (record) => store.#apply(record, now));
    if (lost > 0) warn('the end of a log of vectors was cut off, since it was written half', { folder, bytes: lost });
    store.#log = log;
    try {
      await store.#indexFiles.load(store.#scopes.values());
    } catch (error) {
      warn('a saved index could not be read and is made afresh', { folder, error: String(error) });
    }
    for (const scope of store.#scopes.values()) store.#indexLater(scope);
    return store;
  }

  get count(): number {
    return this.#byId.size;
  }

  /** @param query of length 1 */
  search(query: Float32Array, scope: string, limit: number): VectorMatch[] {
    return this.#scopes.get(scope)?.search(query, limit, Date.now()).matches() ?? [];
  }

  /** Writes entries; resolves when they can be found and the indexing has not fallen behind. @throws Error of the file system */
  async upsert(entries: readonly NewEntry[]): Promise<void> {
    const records = entries.map((entry): UpsertRecord => ({ kind: 'upsert', key: this.#newKey(), ...entry }));
    this.#append(records);
    const now = Date.now();
    const scopes = new Set<ScopeIndex>();
    for (const record of records) {
      this.#apply(record, now);
      const scope = this.#scopes.get(record.scope);
      if (scope) scopes.add(scope);
    }
    for (const scope of scopes) {
      const goal = scope.added + entries.length;
      this.#indexLater(scope);
      while (scope.indexing && scope.backlog > SCANNED && scope.added < goal) await setImmediate();
    }
    this.#tidy();
  }

  /** @throws Error of the file system */
  delete(ids: readonly string[]): void {
    const known = ids.filter((id) => this.#byId.has(id));
    if (known.length === 0) return;
    const record: LogRecord = { kind: 'delete', ids: known };
    this.#append([record]);
    this.#apply(record, 0);
    this.#tidy();
  }

  /** @throws Error of the file system */
  purge(createdBefore: number): void {
    if (this.#byId.size === 0) return;
    const record: LogRecord = { kind: 'purge', createdBefore };
    this.#append([record]);
    this.#apply(record, 0);
    this.#tidy();
  }

  /** Gives up what has expired. */
  sweep(now: number): void {
    for (const entry of this.#byId.values()) if (entry.expiresAt <= now) this.#remove(entry);
    this.#tidy();
  }

  /** @throws Error of the file system */
  async sync(): Promise<void> {
    await this.#log?.sync();
  }

  async close(): Promise<void> {
    await this.#rewriting;
    for (const scope of this.#scopes.values()) if (scope.unsaved > 0) this.#save(scope);
    await this.#saving;
    const log = this.#log;
    this.#log = undefined;
    await log?.close();
  }

  #append(records: readonly LogRecord[]): void {
    if (!this.#log) throw new Error('the store of the tenant is closed');
    this.#log.append(Buffer.concat(records.map((record) => encodeRecord(record))));
  }

  /** @param now entries that have expired by then are passed over */
  #apply(record: LogRecord, now: number): void {
    if (record.kind === 'upsert') {
      this.#forget(record.id);
      if (record.expiresAt > now) this.#insert(record);
    } else if (record.kind === 'delete') {
      for (const id of record.ids) this.#forget(id);
    } else {
      for (const entry of this.#byId.values()) if (entry.createdAt < record.createdBefore) this.#remove(entry);
    }
  }

  #insert({ id, key, scope: name, createdAt, expiresAt, vector }: UpsertRecord): void {
    let scope = this.#scopes.get(name);
    if (!scope) this.#scopes.set(name, (scope = new ScopeIndex(name, this.#arena)));
    const entry: Entry = { id, key, scope, createdAt, expiresAt, position: this.#arena.add(vector), place: -1 };
    this.#byId.set(id, entry);
    scope.add(entry);
    this.#liveBytes += upsertBytes(name, this.#arena.dimensions);
  }

  #forget(id: string): void {
    const entry = this.#byId.get(id);
    if (entry) this.#remove(entry);
  }

  #remove(entry: Entry): void {
    this.#byId.delete(entry.id);
    entry.scope.remove(entry);
    this.#arena.release(entry.position);
    this.#liveBytes -= upsertBytes(entry.scope.name, this.#arena.dimensions);
    if (entry.scope.size === 0) this.#scopes.delete(entry.scope.name);
  }

  #newKey(): number {
    return Math.floor(Math.random() * LARGEST_KEY);
  }

  #indexLater(scope: ScopeIndex): void {
    if (scope.backlog === 0 || scope.indexing) return;
    scope.indexing = true;
    this.#background.add(() => {
      scope.indexing = false;
      if (!this.#log) return false;
      scope.indexing = scope.indexOne();
      if (!scope.indexing && scope.unsaved >= Math.max(WORTH_SAVING, scope.indexedSize / 3)) this.#save(scope);
      return scope.indexing;
    });
  }

  #save(scope: ScopeIndex): void {
    this.#saving = this.#saving
      .then(() => this.#indexFiles.save(scope))
      .catch((error: unknown) =>
        this.#warn('an index could not be saved; it is made afresh at the next start', { error: String(error) }),
      );
  }

  /** Rewrites the log when more than half of it is of no use any more. */
  #tidy(): void {
    const log = this.#log;
    if (
      !log ||
      this.#rewriting ||
      Date.now() < this.#rewriteAfter ||
      log.size < Math.max(SHORT_LOG, this.#liveBytes * 2)
    )
      return;
    this.#rewriting = this.#rewrite(log)
      .catch((error: unknown) => {
        this.#rewriteAfter = Date.now() + REWRITE_PAUSE;
        this.#warn('a log of vectors could not be shortened', { error: String(error) });
      })
      .finally(() => {
        this.#rewriting = undefined;
      });
  }

  async #rewrite(log: RecordLog): Promise<void> {
    const rewrite = log.rewrite();
    try {
      let batch: Buffer[] = [];
      for (const entry of this.#byId.values()) {
        batch.push(this.#recordOf(entry));
        if (batch.length < 256) continue;
        rewrite.write(Buffer.concat(batch));
        batch = [];
        await setImmediate();
      }
      rewrite.write(Buffer.concat(batch));
    } catch (error) {
      rewrite.abandon();
      throw error;
    }
    await log.adopt(rewrite);
  }

  #recordOf({ id, key, scope, createdAt, expiresAt, position }: Entry): Buffer {
    return encodeRecord({
      kind: 'upsert',
      id,
      key,
      scope: scope.name,
      createdAt,
      expiresAt,
      vector: this.#arena.bytes(position),
    });
  }
}

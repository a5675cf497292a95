import type { Host, PluginDatabase, PurgeRequest } from '@parsimony/contract';
import { Breaker } from '../faults/breaker.js';
import { reasonOf } from '../faults/reason-of.js';
import { BoundedMemory } from './bounded-memory.js';
import { bytesOf, type Entry, type EntryLimits } from './entry.js';
import type { EntryCount, EntryStore, Forgotten } from './entry-store.js';
import { HitCounts } from './hit-counts.js';
import { Housekeeping, type DeletedRow } from './housekeeping.js';
import { LookUps } from './look-ups.js';
import { foldPrompt } from './prompt-text.js';
import { PurgeMarks, purgeMatcher } from './purge-marks.js';
import { PurgeNotices } from './purge-notices.js';
import { WriteQueue } from './write-queue.js';

/** @see PostgresEntryStore */
export interface EntryStoreOptions {
  readonly memoryBytes: number;
  readonly queueBytes: number;
  readonly lookUpMs: number;
  readonly tidyEveryMs: number;
}

const USUAL: EntryStoreOptions = {
  memoryBytes: 64 * 1024 * 1024,
  queueBytes: 32 * 1024 * 1024,
  lookUpMs: 30,
  tidyEveryMs: 30_000,
};

const GATHER_MS = 10;
const RETRY_MS = 1_000;
const COUNT_EVERY_MS = 2_000;

const PURGE = `
DELETE FROM entry
 WHERE tenant_id = $1
   AND ($2::timestamptz IS NULL OR created_at < $2)
   AND ($3::text IS NULL OR prompt IS NULL OR strpos(prompt, $3) > 0)
   AND ($4::text IS NULL OR namespace = $4)
RETURNING tenant_id, id, kind`;

const COUNT = `
SELECT kind, namespace, count(*)::float8 AS entries, sum(bytes)::float8 AS bytes
  FROM entry
 WHERE tenant_id = $1 AND expires_at > now()
 GROUP BY kind, namespace`;

/** Entries in memory, as far as they fit, in front of PostgreSQL, which all gateways share. */
export class PostgresEntryStore implements EntryStore {
  readonly #database: PluginDatabase;
  readonly #memory: BoundedMemory<Entry>;
  readonly #marks = new PurgeMarks();
  readonly #lookUps: LookUps;
  readonly #writes: WriteQueue;
  readonly #hits: HitCounts;
  readonly #housekeeping: Housekeeping;
  readonly #notices: PurgeNotices;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #listeners: ((forgotten: Forgotten) => Promise<void>)[] = [];
  #working: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: Host<'database'>,
    options: Partial<EntryStoreOptions> = {},
  ) {
    const { memoryBytes, queueBytes, lookUpMs, tidyEveryMs } = { ...USUAL, ...options };
    const { database } = host.capabilities;
    this.#database = database;
    this.#memory = new BoundedMemory(memoryBytes);
    const breaker = new Breaker({
      failures: 5,
      restMs: 5_000,
      changed: (failure) =>
        host.reportHealth(
          'entries',
          failure === null ? null : `PostgreSQL gives no kept answers: ${reasonOf(failure)}`,
        ),
    });
    this.#lookUps = new LookUps(database, breaker, lookUpMs);
    this.#writes = new WriteQueue({
      database,
      log: host.log,
      isPurged: (entry) => this.#marks.forget(entry),
      maxBytes: queueBytes,
      gatherMs: GATHER_MS,
      retryMs: RETRY_MS,
    });
    this.#hits = new HitCounts(database);
    this.#housekeeping = new Housekeeping(database, (rows) => this.#forgotten(rows));
    this.#notices = new PurgeNotices(
      database,
      (tenantId, request) => this.#heard(tenantId, request),
      () => this.#memory.deleteWhere(() => true),
    );
    this.#timers = [
      setInterval(() => this.#work(() => this.#hits.flush()), COUNT_EVERY_MS).unref(),
      setInterval(() => this.#work(() => this.#housekeeping.tidy()), tidyEveryMs).unref(),
    ];
  }

  recall(tenantId: string, id: string): Entry | undefined {
    const entry = this.#memory.get(tenantId + id);
    if (!entry || entry.expiresAt > Date.now()) return entry;
    this.#memory.delete(tenantId + id);
    return undefined;
  }

  async find(tenantId: string, id: string): Promise<Entry | undefined> {
    const recalled = this.recall(tenantId, id);
    if (recalled) return recalled;
    const found = await this.#lookUps.find(tenantId, id);
    // While the statement was under way, the answer may have been kept or replaced, and a purge may have come.
    const kept = this.recall(tenantId, id);
    if (kept || !found || this.#marks.forget(found)) return kept;
    return this.#remember(found);
  }

  keep(entry: Entry, limits: EntryLimits): void {
    if (this.#marks.forget(entry)) return;
    this.#remember(entry);
    this.#housekeeping.grown(entry.tenantId, limits);
    this.#writes.add(entry);
  }

  async keepNow(entry: Entry, limits: EntryLimits): Promise<void> {
    if (this.#marks.forget(entry)) return;
    await this.#writes.write(entry);
    this.#housekeeping.grown(entry.tenantId, limits);
    if (!this.#marks.forget(entry)) this.#remember(entry);
  }

  served(entry: Entry): void {
    this.#hits.add(entry);
  }

  async purge(tenantId: string, request: PurgeRequest): Promise<number> {
    this.#forget(tenantId, request);
    await this.#writes.settled();
    const rows = await this.#delete(tenantId, request);
    await this.#notices.tell(tenantId, request);
    await this.#forgotten(rows);
    return rows.length;
  }

  count(tenantId: string): Promise<readonly EntryCount[]> {
    return this.#database.asTenant(tenantId, (sql) => sql<EntryCount>(COUNT, [tenantId]));
  }

  onForgotten(listener: (forgotten: Forgotten) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  /** Gives up at once what has expired or is over its tenant's limits, and writes down hits. @throws DatabaseUnavailable */
  async tidy(): Promise<void> {
    await this.#hits.flush();
    await this.#housekeeping.tidy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#notices[Symbol.dispose]();
    await this.#working;
    await this.#writes.close();
    await this.#quietly(() => this.#hits.flush());
  }

  #remember(entry: Entry): Entry {
    this.#memory.set(entry.tenantId + entry.id, entry, bytesOf(entry));
    return entry;
  }

  #forget(tenantId: string, request: PurgeRequest): void {
    this.#marks.add(tenantId, request);
    const matches = purgeMatcher(request);
    this.#memory.deleteWhere((entry) => entry.tenantId === tenantId && matches(entry));
  }

  #delete(tenantId: string, { olderThan, promptContains, namespace }: PurgeRequest): Promise<readonly DeletedRow[]> {
    const values = [
      tenantId,
      olderThan === undefined ? null : new Date(olderThan).toISOString(),
      promptContains === undefined ? null : foldPrompt(promptContains),
      namespace ?? null,
    ];
    return this.#database.asTenant(tenantId, (sql) => sql<DeletedRow>(PURGE, values));
  }

  /** Another gateway has purged. What this one was writing just then came too late to be deleted there. */
  #heard(tenantId: string, request: PurgeRequest): void {
    const heardAt = Date.now();
    this.#forget(tenantId, request);
    if (!this.#writes.isWriting) return;
    const olderThan = Math.min(request.olderThan ?? heardAt, heardAt);
    this.#work(async () => {
      await this.#writes.settled();
      await this.#forgotten(await this.#delete(tenantId, { ...request, olderThan }));
    });
  }

  async #forgotten(rows: readonly DeletedRow[]): Promise<void> {
    const byTenant = new Map<string, string[]>();
    for (const { tenant_id: tenantId, id, kind } of rows) {
      this.#memory.delete(tenantId + id);
      if (kind === 'exact') continue;
      const ids = byTenant.get(tenantId);
      if (ids) ids.push(id);
      else byTenant.set(tenantId, [id]);
    }
    for (const [tenantId, ids] of byTenant)
      for (const listener of this.#listeners) await this.#quietly(() => listener({ tenantId, ids }));
  }

  /** One after the other: two evictions at once would lock the same rows in different orders. */
  #work(task: () => Promise<void>): void {
    this.#working = this.#working.then(() => this.#quietly(task));
  }

  async #quietly(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.host.log.warn('keeping house in the cache failed', { reason: reasonOf(error) });
    }
  }
}

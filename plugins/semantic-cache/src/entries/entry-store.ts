import type { PurgeRequest } from '@parsimony/contract';
import type { Entry, EntryKind, EntryLimits } from './entry.js';

/** How much of one kind is kept for a tenant. */
export interface EntryCount {
  readonly kind: EntryKind;
  readonly namespace: string | null;
  readonly entries: number;
  readonly bytes: number;
}

/** Entries that are no longer there: evicted, expired or purged. */
export interface Forgotten {
  readonly tenantId: string;
  readonly ids: readonly string[];
}

/** The kept answers of all tenants: some of them in memory, all of them in PostgreSQL. */
export interface EntryStore extends AsyncDisposable {
  /** What is in memory, at once. */
  recall(tenantId: string, id: string): Entry | undefined;
  /**
   * What is in memory or else in PostgreSQL; look-ups of one moment go in one statement.
   *
   * @throws DatabaseUnavailable, after 30 ms, or at once where it has been away.
   */
  find(tenantId: string, id: string): Promise<Entry | undefined>;
  /** Keeps an answer: in memory at once, in PostgreSQL soon. One that was asked for before a purge of the like is not kept. */
  keep(entry: Entry, limits: EntryLimits): void;
  /** As `keep`, and waits until it is in PostgreSQL. @throws DatabaseUnavailable */
  keepNow(entry: Entry, limits: EntryLimits): Promise<void>;
  /** Says that an entry was served: it is used, and so is evicted later. */
  served(entry: Entry): void;
  /** Forgets entries of a tenant at every gateway. @returns how many. @throws DatabaseUnavailable */
  purge(tenantId: string, request: PurgeRequest): Promise<number>;
  /** @throws DatabaseUnavailable */
  count(tenantId: string): Promise<readonly EntryCount[]>;
  /**
   * Hears of semantic entries and results that this gateway took out of PostgreSQL, so that their vectors go too; a purge
   * waits for it.
   */
  onForgotten(listener: (forgotten: Forgotten) => Promise<void>): void;
}

import { DatabaseUnavailable } from '@parsimony/contract';
import type { PluginDatabase } from '@parsimony/contract';
import type { Breaker } from '../faults/breaker.js';
import type { Entry } from './entry.js';
import { entryOf, SELECT_BY_IDS, type EntryRow } from './entry-row.js';

interface LookUp {
  readonly tenantId: string;
  readonly id: string;
  readonly found: PromiseWithResolvers<Entry | undefined>;
}

const LARGEST_BATCH = 500;

/**
 * Reads entries from PostgreSQL. Look-ups of one turn of the event loop go in one statement, equal ones are one; none
 * waits longer than the deadline, and none at all while the database has been away.
 */
export class LookUps {
  #gathered = new Map<string, LookUp>();

  constructor(
    private readonly database: PluginDatabase,
    private readonly breaker: Breaker,
    private readonly deadlineMs: number,
  ) {}

  /** @throws DatabaseUnavailable */
  find(tenantId: string, id: string): Promise<Entry | undefined> {
    const key = tenantId + id;
    const same = this.#gathered.get(key);
    if (same) return same.found.promise;
    if (!this.breaker.permits()) return Promise.reject(new DatabaseUnavailable('kept answers cannot be looked up'));
    const lookUp: LookUp = { tenantId, id, found: Promise.withResolvers() };
    if (this.#gathered.size === 0) setImmediate(() => this.#send());
    this.#gathered.set(key, lookUp);
    return lookUp.found.promise;
  }

  #send(): void {
    const lookUps = [...this.#gathered.values()];
    this.#gathered = new Map();
    for (let from = 0; from < lookUps.length; from += LARGEST_BATCH)
      void this.#ask(lookUps.slice(from, from + LARGEST_BATCH));
  }

  async #ask(batch: readonly LookUp[]): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new DatabaseUnavailable(`kept answers were not found within ${this.deadlineMs} ms`)),
      this.deadlineMs,
    );
    try {
      const ids = [batch.map(({ tenantId }) => tenantId), batch.map(({ id }) => id)];
      const rows = await Promise.race([this.database.query<EntryRow>(SELECT_BY_IDS, ids), late.promise]);
      this.breaker.succeeded();
      const entries = new Map(rows.map((row) => [row.tenant_id + row.id, entryOf(row)]));
      for (const { tenantId, id, found } of batch) found.resolve(entries.get(tenantId + id));
    } catch (error) {
      this.breaker.failed(error);
      for (const { found } of batch) found.reject(asUnavailable(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A row that cannot be read is no more there than one in a database that is away. */
function asUnavailable(error: unknown): DatabaseUnavailable {
  if (error instanceof DatabaseUnavailable) return error;
  return new DatabaseUnavailable('kept answers cannot be looked up', { cause: error });
}

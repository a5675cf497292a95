import type { PluginDatabase } from '@parsimony/contract';
import type { Entry } from './entry.js';

interface Served {
  readonly entry: Entry;
  hits: number;
  at: number;
}

const COUNT_HITS = `
UPDATE entry SET hits = entry.hits + new.hits, last_hit_at = greatest(entry.last_hit_at, new.at)
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[]) AS new (tenant_id, id, hits, at)
 WHERE entry.tenant_id = new.tenant_id AND entry.id = new.id`;

/** Counts hits in memory and writes them together: a hit must not cost a statement. */
export class HitCounts {
  /** By entry as it lies in memory; what is no longer there takes its count with it, at most one interval's. */
  #counts = new WeakMap<Entry, Served>();
  #served: Served[] = [];

  constructor(private readonly database: PluginDatabase) {}

  add(entry: Entry): void {
    const at = Date.now();
    const served = this.#counts.get(entry);
    if (served) {
      served.hits += 1;
      served.at = at;
      return;
    }
    const first: Served = { entry, hits: 1, at };
    this.#counts.set(entry, first);
    this.#served.push(first);
  }

  /** What cannot be written is forgotten: it only orders what is evicted. @throws DatabaseUnavailable */
  async flush(): Promise<void> {
    if (this.#served.length === 0) return;
    const served = this.#served;
    this.#served = [];
    this.#counts = new WeakMap();
    await this.database.query(COUNT_HITS, [
      served.map(({ entry }) => entry.tenantId),
      served.map(({ entry }) => entry.id),
      served.map(({ hits }) => hits),
      served.map(({ at }) => new Date(at).toISOString()),
    ]);
  }
}

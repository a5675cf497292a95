import type { PluginDatabase } from '@parsimony/contract';
import type { EntryKind, EntryLimits } from './entry.js';

/** A row that was deleted. */
export interface DeletedRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly kind: EntryKind;
}

const EVICT = `
DELETE FROM entry
 WHERE tenant_id = $1
   AND id IN (
     SELECT id
       FROM (SELECT id, row_number() OVER latest AS place, sum(bytes) OVER latest AS bytes
               FROM entry
              WHERE tenant_id = $1
             WINDOW latest AS (ORDER BY last_hit_at DESC, id ROWS UNBOUNDED PRECEDING)) ranked
      WHERE place > $2 OR bytes > $3)
RETURNING tenant_id, id, kind`;

// Rows that another gateway is deleting are its own affair.
const EXPIRE = `
DELETE FROM entry
 WHERE (tenant_id, id) IN (
   SELECT tenant_id, id FROM entry WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING tenant_id, id, kind`;

const EXPIRED_AT_ONCE = 1_000;

/** Gives up what has expired, and what is more than a tenant lets the cache keep. */
export class Housekeeping {
  /** Tenants that something was written for since they were last looked at. */
  readonly #grown = new Map<string, EntryLimits>();

  constructor(
    private readonly database: PluginDatabase,
    private readonly deleted: (rows: readonly DeletedRow[]) => Promise<void>,
  ) {}

  grown(tenantId: string, limits: EntryLimits): void {
    this.#grown.set(tenantId, limits);
  }

  /** @throws DatabaseUnavailable */
  async tidy(): Promise<void> {
    for (const [tenantId, limits] of [...this.#grown]) {
      await this.#evict(tenantId, limits);
      if (this.#grown.get(tenantId) === limits) this.#grown.delete(tenantId);
    }
    await this.#expire();
  }

  /** Deletes what was used least recently, beyond the limits. */
  async #evict(tenantId: string, { maxEntries, maxBytes }: EntryLimits): Promise<void> {
    await this.deleted(await this.database.query<DeletedRow>(EVICT, [tenantId, maxEntries, maxBytes]));
  }

  async #expire(): Promise<void> {
    for (;;) {
      const rows = await this.database.query<DeletedRow>(EXPIRE, [EXPIRED_AT_ONCE]);
      await this.deleted(rows);
      if (rows.length < EXPIRED_AT_ONCE) return;
    }
  }
}

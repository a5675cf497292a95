import type { PluginDatabase } from '@parsimony/contract';

/** What happened to look-ups of one kind. */
export interface Counts {
  readonly lookups: number;
  readonly hits: number;
  readonly explorations: number;
  readonly audits: number;
  readonly falseHits: number;
}

const NONE: Counts = { lookups: 0, hits: 0, explorations: 0, audits: 0, falseHits: 0 };

const ADD = `
INSERT INTO quality AS kept (tenant_id, kind, lookups, hits, explorations, audits, false_hits)
SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS delta(tenant_id uuid, kind text, lookups bigint, hits bigint, explorations bigint, audits bigint, false_hits bigint)
ON CONFLICT (tenant_id, kind) DO UPDATE SET
  lookups = kept.lookups + excluded.lookups, hits = kept.hits + excluded.hits,
  explorations = kept.explorations + excluded.explorations, audits = kept.audits + excluded.audits,
  false_hits = kept.false_hits + excluded.false_hits`;

const READ = `
SELECT kind, lookups, hits, explorations, audits, false_hits AS "falseHits" FROM quality WHERE tenant_id = $1::uuid ORDER BY kind`;

/** Counts in memory, and adds to PostgreSQL's counts when it is flushed. */
export class QualityCounters {
  /** By tenant, then by kind. */
  #pending = new Map<string, Map<string, Counts>>();

  constructor(private readonly database: PluginDatabase) {}

  add(tenantId: string, kind: string, delta: Partial<Counts>): void {
    let kinds = this.#pending.get(tenantId);
    if (!kinds) this.#pending.set(tenantId, (kinds = new Map<string, Counts>()));
    kinds.set(kind, sum(kinds.get(kind) ?? NONE, delta));
  }

  /** @throws DatabaseUnavailable; what was counted is kept for the next time. */
  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const flushed = this.#pending;
    this.#pending = new Map();
    const rows = [...flushed].flatMap(([tenantId, kinds]) =>
      // In one order, so that two gateways that add at once do not wait for each other in a circle.
      [...kinds].map(([kind, { falseHits, ...counts }]) => ({
        tenant_id: tenantId,
        kind,
        ...counts,
        false_hits: falseHits,
      })),
    );
    rows.sort((left, right) => (left.tenant_id + left.kind < right.tenant_id + right.kind ? -1 : 1));
    try {
      await this.database.query(ADD, [JSON.stringify(rows)]);
    } catch (error) {
      for (const [tenantId, kinds] of flushed) for (const [kind, counts] of kinds) this.add(tenantId, kind, counts);
      throw error;
    }
  }

  /** The counts of all gateways, by kind; this one's are flushed first. @throws DatabaseUnavailable */
  async read(tenantId: string): Promise<ReadonlyMap<string, Counts>> {
    await this.flush();
    const rows = await this.database.query<{ kind: string } & Record<keyof Counts, string>>(READ, [tenantId]);
    return new Map(
      rows.map(({ kind, lookups, hits, explorations, audits, falseHits }) => [
        kind,
        {
          lookups: Number(lookups),
          hits: Number(hits),
          explorations: Number(explorations),
          audits: Number(audits),
          falseHits: Number(falseHits),
        },
      ]),
    );
  }
}

function sum(counts: Counts, delta: Partial<Counts>): Counts {
  return {
    lookups: counts.lookups + (delta.lookups ?? 0),
    hits: counts.hits + (delta.hits ?? 0),
    explorations: counts.explorations + (delta.explorations ?? 0),
    audits: counts.audits + (delta.audits ?? 0),
    falseHits: counts.falseHits + (delta.falseHits ?? 0),
  };
}

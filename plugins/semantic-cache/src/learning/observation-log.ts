import type { PluginDatabase, Sql } from '@parsimony/contract';
import type { Observation } from '../verification/index.js';

/** What was learnt from one answer that was asked afresh. */
export interface Lesson {
  /** Such as `chat`, or `results/NAMESPACE`. */
  readonly kind: string;
  readonly observation: Observation;
  /** The entry that keeps the fresh answer: with the observation's a pair of questions whose outcome is known. */
  readonly askedEntryId: string;
}

export interface NumberedLesson {
  readonly seq: number;
  readonly kind: string;
  readonly observation: Observation;
}

// The lock holds until the end of the transaction: numbers become visible in their order, and without gaps, so that who
// has read up to a number has missed nothing below it.
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('semantic-cache/observation/' || $1::text, 0))`;

const APPEND = `
INSERT INTO observation (tenant_id, seq, kind, entry_id, asked_entry_id, observation, is_right, audit)
SELECT $1::uuid, last.seq + lesson.number, lesson.item->>'kind', (lesson.item->'observation'->>'entry')::uuid,
       (lesson.item->>'askedEntryId')::uuid, lesson.item->'observation',
       (lesson.item->'observation'->'right')::boolean, (lesson.item->'observation'->'audit')::boolean
  FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS lesson(item, number),
       (SELECT greatest(
          coalesce((SELECT max(seq) FROM observation WHERE tenant_id = $1::uuid), 0),
          coalesce((SELECT max(seq) FROM verifier WHERE tenant_id = $1::uuid), 0)) AS seq) AS last`;

const READ = `
SELECT seq, kind, observation FROM observation WHERE tenant_id = $1::uuid AND seq > $2::bigint ORDER BY seq LIMIT $3`;

const LAST = `
SELECT tenant.id, (SELECT max(seq) FROM observation WHERE tenant_id = tenant.id) AS seq
  FROM unnest($1::uuid[]) AS tenant(id)`;

/** The tenants' observations in PostgreSQL, numbered from 1 for each. */
export class ObservationLog {
  constructor(private readonly database: PluginDatabase) {}

  /** @throws DatabaseUnavailable */
  append(tenantId: string, lessons: readonly Lesson[]): Promise<void> {
    return this.database.asTenant(tenantId, async (sql: Sql) => {
      await sql(LOCK, [tenantId]);
      await sql(APPEND, [tenantId, JSON.stringify(lessons)]);
    });
  }

  /** The next lessons behind a number, in order. @throws DatabaseUnavailable */
  async readAfter(tenantId: string, seq: number, limit: number): Promise<readonly NumberedLesson[]> {
    const rows = await this.database.query<{ seq: string; kind: string; observation: Observation }>(READ, [
      tenantId,
      seq,
      limit,
    ]);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  /** The last numbers of tenants. @throws DatabaseUnavailable */
  async lastOf(tenantIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ id: string; seq: string | null }>(LAST, [tenantIds]);
    return new Map(rows.map((row) => [row.id, Number(row.seq ?? 0)]));
  }
}

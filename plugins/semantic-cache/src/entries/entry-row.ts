import { formatUsd, parseUsd } from '@parsimony/contract';
import type { JsonObject, ModelTarget, SqlValue, Usage } from '@parsimony/contract';
import { bytesOf, type Entry, type EntryKind } from './entry.js';

/** A row of table `entry`, as the database's client reads it. */
export interface EntryRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly kind: EntryKind;
  readonly key: Uint8Array | null;
  readonly scope: string | null;
  readonly namespace: string | null;
  readonly question: string | null;
  readonly prompt: string | null;
  readonly signature: JsonObject | null;
  readonly answer: Uint8Array;
  readonly answer_digest: Uint8Array;
  readonly target: ModelTarget | null;
  readonly usage: Usage;
  readonly cost: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export const SELECT_BY_IDS = `
SELECT tenant_id, id, kind, key, scope, namespace, question, prompt, signature, answer, answer_digest, target, usage, cost,
       created_at, expires_at
  FROM entry
 WHERE (tenant_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND expires_at > now()`;

export const UPSERT = `
INSERT INTO entry (tenant_id, id, kind, key, scope, namespace, question, prompt, signature, answer, answer_digest, target,
                   usage, cost, bytes, created_at, expires_at, last_hit_at)
SELECT tenant_id, id, kind, decode(key, 'hex'), scope, namespace, question, prompt, signature, answer,
       answer_digest, target, usage, cost, bytes, created_at, expires_at, created_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
              $10::bytea[], $11::bytea[], $12::jsonb[], $13::jsonb[], $14::numeric[], $15::integer[], $16::timestamptz[],
              $17::timestamptz[])
    AS new (tenant_id, id, kind, key, scope, namespace, question, prompt, signature, answer, answer_digest, target, usage,
            cost, bytes, created_at, expires_at)
ON CONFLICT (tenant_id, id) DO UPDATE
   SET (scope, namespace, question, prompt, signature, answer, answer_digest, target, usage, cost, bytes, created_at,
        expires_at, last_hit_at)
     = (excluded.scope, excluded.namespace, excluded.question, excluded.prompt, excluded.signature, excluded.answer,
        excluded.answer_digest, excluded.target, excluded.usage, excluded.cost, excluded.bytes, excluded.created_at,
        excluded.expires_at, excluded.last_hit_at)
 WHERE entry.created_at <= excluded.created_at`;

/** The values of `UPSERT`: a list for each column. No id may be among the entries twice. */
export function columnsOf(entries: readonly Entry[]): readonly SqlValue[] {
  const column = <Value>(value: (entry: Entry) => Value): Value[] => entries.map(value);
  return [
    column(({ tenantId }) => tenantId),
    column(({ id }) => id),
    column(({ kind }) => kind),
    column(({ key }) => hexOf(key)),
    column(({ scope }) => scope),
    column(({ namespace }) => namespace),
    column(({ question }) => withoutNul(question)),
    column(({ prompt }) => withoutNul(prompt)),
    column(({ signature }) => signature && withoutNulEscape(JSON.stringify(signature))),
    column(({ answer }) => answer),
    column(({ answerDigest }) => answerDigest),
    column(({ target }) => target && JSON.stringify(target)),
    column(({ usage }) => JSON.stringify(usage)),
    column(({ cost }) => formatUsd(cost)),
    column(bytesOf),
    column(({ createdAt }) => new Date(createdAt).toISOString()),
    column(({ expiresAt }) => new Date(expiresAt).toISOString()),
  ];
}

export function entryOf(row: EntryRow): Entry {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind,
    key: row.key,
    scope: row.scope,
    namespace: row.namespace,
    question: row.question,
    prompt: row.prompt,
    signature: row.signature,
    answer: row.answer,
    answerDigest: row.answer_digest,
    target: row.target,
    usage: row.usage,
    cost: parseUsd(row.cost),
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
  };
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** PostgreSQL refuses the character NUL in text and, as an escape, in jsonb: one such row would refuse its whole batch. */
function withoutNul(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', ' ');
}

/** Only where the backslash is not itself escaped. */
function withoutNulEscape(json: string): string {
  return json.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1 ');
}

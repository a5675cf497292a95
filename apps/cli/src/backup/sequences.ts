import type { Queryable } from '../database/migration-state.js';
import type { ArchivedSequence } from './manifest.js';
import { qualified } from './tables.js';

const SEQUENCES = `
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND (n.nspname = current_schema() OR n.nspname LIKE 'plugin\\_%')
  AND c.relname <> 'core_migration_id_seq'
ORDER BY n.nspname, c.relname`;

/** Sequences stand outside of transactions: read behind the tables, they are past every number in them. */
export async function readSequences(database: Queryable): Promise<ArchivedSequence[]> {
  const { rows } = await database.query<{ schema: string; name: string }>(SEQUENCES);
  const sequences: ArchivedSequence[] = [];
  for (const sequence of rows) {
    const { rows: state } = await database.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${qualified(sequence)}`,
    );
    if (state[0]) sequences.push({ ...sequence, ...state[0] });
  }
  return sequences;
}

export async function setSequences(database: Queryable, sequences: readonly ArchivedSequence[]): Promise<void> {
  for (const sequence of sequences) {
    await database.query('SELECT setval($1::regclass, $2::int8, $3)', [
      qualified(sequence),
      sequence.value,
      sequence.called,
    ]);
  }
}

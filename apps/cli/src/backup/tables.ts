import { PLUGIN_MIGRATION_TABLE } from '@parsimony/persistence';
import type { Queryable } from '../database/migration-state.js';

/** A table of the core, or of a plugin in its own schema. Partitions are part of their parent. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  /** In the order of the table; generated ones, which nobody may write, are not among them. */
  readonly columns: readonly string[];
  /** Names of the partitions, where the table has any. */
  readonly partitions: readonly string[];
}

/** Kept as names in the manifest: what ran is a fact of a database and not data of its tenants. */
const MIGRATIONS_TABLE = 'core_migration';

const TABLES = `
SELECT n.nspname AS schema, c.relname AS name,
  ARRAY(SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
  ARRAY(SELECT child.relname::text FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = c.oid ORDER BY 1) AS partitions,
  ARRAY(SELECT DISTINCT confrelid::int8::text FROM pg_constraint
    WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid) AS needs,
  c.oid::int8::text AS oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND (n.nspname = current_schema() OR n.nspname LIKE 'plugin\\_%')
  AND NOT (n.nspname = current_schema() AND c.relname = $1) AND NOT (n.nspname <> current_schema() AND c.relname = $2)
ORDER BY n.nspname, c.relname`;

interface Found extends Table {
  readonly oid: string;
  readonly needs: readonly string[];
}

/** Every table that holds data of ours, each one behind those that its foreign keys refer to. */
export async function tablesInOrder(database: Queryable): Promise<readonly Table[]> {
  const { rows } = await database.query<Found>(TABLES, [MIGRATIONS_TABLE, PLUGIN_MIGRATION_TABLE]);
  const ordered: Found[] = [];
  while (ordered.length < rows.length) {
    const placed = new Set(ordered.map(({ oid }) => oid));
    const known = new Set(rows.map(({ oid }) => oid));
    const next = rows.filter(
      ({ oid, needs }) => !placed.has(oid) && needs.every((needed) => placed.has(needed) || !known.has(needed)),
    );
    if (next.length === 0) throw new Error('tables refer to each other in a circle; no order of loading suits them');
    ordered.push(...next);
  }
  return ordered.map(({ schema, name, columns, partitions }) => ({ schema, name, columns, partitions }));
}

/** A quoted identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

export function columnList({ columns }: Pick<Table, 'columns'>): string {
  return columns.map(quoted).join(', ');
}

import { CORE_MIGRATIONS } from '@parsimony/persistence';

/** The part of a connection that the commands' own statements need; pg's clients and pools have it. */
export interface Queryable {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
}

export interface MigrationState {
  /** In the order in which they ran. */
  readonly applied: readonly string[];
  /** Known here and not run there yet, in order. */
  readonly pending: readonly string[];
  /** Run there by a later release and unknown here. */
  readonly unknown: readonly string[];
}

/** The migrations of this release, in order. */
const KNOWN_MIGRATIONS: readonly string[] = CORE_MIGRATIONS.map((migration) => migration.name);

/** How far a database is migrated. */
export async function migrationState(database: Queryable): Promise<MigrationState> {
  const { rows: found } = await database.query<{ exists: boolean }>(
    `SELECT to_regclass('core_migration') IS NOT NULL AS exists`,
  );
  const { rows } = found[0]?.exists
    ? await database.query<{ name: string }>('SELECT name FROM core_migration ORDER BY timestamp, id')
    : { rows: [] };
  const applied = rows.map(({ name }) => name);
  return {
    applied,
    pending: KNOWN_MIGRATIONS.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !KNOWN_MIGRATIONS.includes(name)),
  };
}

import type { Json } from '../json.js';

/** A value that a statement takes: PostgreSQL's client turns objects to JSON and bytes to `bytea`. */
export type SqlValue = Json | bigint | Date | Uint8Array | readonly Uint8Array[] | undefined;

export type Sql = <Row = Readonly<Record<string, unknown>>>(
  statement: string,
  values?: readonly SqlValue[],
) => Promise<readonly Row[]>;

/** Capability `database`: the plugin's own schema `plugin_<name>` in PostgreSQL, which stands first in the search path. */
export interface PluginDatabase {
  /** One statement, in its own transaction, past the tenants' walls: it must name the tenant. @throws DatabaseUnavailable */
  readonly query: Sql;
  /** Work in one transaction that sees one tenant's rows only (row-level security). @throws DatabaseUnavailable */
  asTenant<Result>(tenantId: string, work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /**
   * Hears what any gateway says on a channel of the plugin's, and `null` each time the connection was made anew, since
   * what was said meanwhile is lost.
   */
  listen(channel: string, heard: (payload: string | null) => void): Disposable;
  /** Says something to all gateways, at most 7,000 bytes. @throws DatabaseUnavailable */
  notify(channel: string, payload: string): Promise<void>;
}

/** Tables of a plugin, in its own schema. Append only: a migration that has run anywhere is never changed. */
export interface PluginMigration {
  /** Such as `0001-entries`; they run in the order of the list. */
  readonly name: string;
  /** Run in one transaction, with the plugin's schema first in the search path. */
  readonly statements: readonly string[];
}

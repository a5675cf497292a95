import type { PluginLog } from '@parsimony/contract';
import { DataSource } from 'typeorm';
import { CORE_MIGRATIONS } from './migrations/index.js';
import { UsageRow } from './usage-row.entity.js';

export interface DataSourceOptions {
  /** Entities beside the usage ledger, for example those of tenancy. */
  readonly entities?: readonly (new () => object)[];
  /** Connections at most. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** How long one statement may take, in milliseconds; a database that fell silent counts as away after that. */
  readonly statementPatienceMs?: number;
  readonly log?: PluginLog;
}

const CONNECT_PATIENCE_MS = 3_000;
const STATEMENT_PATIENCE_MS = 15_000;

/**
 * A TypeORM data source for the core's tables, not yet connected: `initialize()` connects. It never changes the schema;
 * `migrate` does.
 *
 * @param url `postgres://user:password@host:port/database`
 */
export function createDataSource(url: string, options: DataSourceOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [UsageRow, ...(options.entities ?? [])],
    migrations: [...CORE_MIGRATIONS],
    migrationsTableName: 'core_migration',
    migrationsTransactionMode: 'each',
    migrationsRun: false,
    synchronize: false,
    // Extensions need a superuser, which a managed PostgreSQL does not grant.
    installExtensions: false,
    applicationName: options.applicationName ?? 'parsimony',
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: CONNECT_PATIENCE_MS,
    extra: { keepAlive: true, query_timeout: options.statementPatienceMs ?? STATEMENT_PATIENCE_MS },
    // An idle connection that breaks has no caller to tell; without a handler it would end the process.
    poolErrorHandler: (error: Error) => options.log?.warn('a database connection broke', { reason: error.message }),
  });
}

import type { Logger } from '@parsimony/telemetry';
import pg from 'pg';

const CONNECT_PATIENCE_MS = 3_000;

export interface PoolOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  readonly connections: number;
  /** How long one statement may take. */
  readonly patienceMs: number;
  readonly logger: Logger;
}

/** Connections to PostgreSQL; they are made when somebody needs them. */
export function openPool({ url, name, connections, patienceMs, logger }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_PATIENCE_MS,
    query_timeout: patienceMs,
    statement_timeout: patienceMs,
    // An instance that is cut off in the middle of a transaction would hold its locks, and no other could lend.
    idle_in_transaction_session_timeout: patienceMs,
  });
  // An idle connection that breaks has no caller to tell; without a handler it would end the process.
  pool.on('error', (error) => logger.warn({ reason: error.message }, 'a database connection broke'));
  return pool;
}

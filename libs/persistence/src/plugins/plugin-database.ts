import type { PluginDatabase, PluginLog, Sql, SqlValue } from '@parsimony/contract';
import pg from 'pg';
import { throughDatabase } from '../database-availability.js';
import type { NoticeListener } from '../notices/notice-listener.js';
import { pluginSchema } from './plugin-schema.js';

const CONNECT_PATIENCE_MS = 3_000;
const STATEMENT_PATIENCE_MS = 15_000;
const CHANNEL = /^[a-z][a-z0-9_]{0,30}$/;
/** PostgreSQL takes less than 8,000 (manual, "NOTIFY"). */
const LONGEST_NOTICE = 7_000;

export interface PluginDatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly pluginName: string;
  readonly notices: NoticeListener;
  readonly log: PluginLog;
  /** Connections at most. */
  readonly poolSize?: number;
}

/**
 * Capability `database` of one plugin, on connections of its own whose search path begins with the plugin's schema.
 *
 * @throws RangeError for a name that no schema can bear.
 */
export function openPluginDatabase(options: PluginDatabaseOptions): PluginDatabase & AsyncDisposable {
  return new PostgresPluginDatabase(options);
}

class PostgresPluginDatabase implements PluginDatabase, AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #schema: string;
  readonly #notices: NoticeListener;
  readonly query: Sql;

  constructor({ url, pluginName, notices, log, poolSize = 5 }: PluginDatabaseOptions) {
    this.#schema = pluginSchema(pluginName);
    this.#notices = notices;
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: `parsimony ${pluginName}`,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      query_timeout: STATEMENT_PATIENCE_MS,
      keepAlive: true,
      onConnect: (client) => this.#prepare(client),
    });
    // An idle connection that breaks has no caller to tell; without a handler it would end the process.
    this.#pool.on('error', (error) => log.warn('a database connection broke', { reason: error.message }));
    this.query = (statement, values) => throughDatabase(() => run(this.#pool, statement, values));
  }

  asTenant<Result>(tenantId: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return throughDatabase(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('BEGIN');
        await client.query(AS_TENANT, [tenantId]);
        const result = await work((statement, values) => run(client, statement, values));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error(String(failure));
        });
        throw error;
      } finally {
        // A connection whose role could not be given back would serve the next caller behind this tenant's walls.
        client.release(broken);
      }
    });
  }

  listen(channel: string, heard: (payload: string | null) => void): Disposable {
    return this.#notices.listen(this.#channel(channel), heard);
  }

  async notify(channel: string, payload: string): Promise<void> {
    if (Buffer.byteLength(payload) > LONGEST_NOTICE)
      throw new RangeError(`a notice has at most ${LONGEST_NOTICE} bytes, not ${Buffer.byteLength(payload)}`);
    await this.query('SELECT pg_notify($1, $2)', [this.#channel(channel), payload]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  /** The pool waits for it before it hands a connection out, which its types do not say. */
  #prepare(client: pg.ClientBase): unknown {
    return client.query(BEFORE_ALL_OTHERS, [this.#schema]);
  }

  /** Plugins share one database and its names of channels. @throws RangeError */
  #channel(name: string): string {
    const channel = `${this.#schema}_${name}`;
    if (!CHANNEL.test(name) || channel.length > 63)
      throw new RangeError(
        `${JSON.stringify(name)} is no name of a channel: lower-case letters, digits and _, and short`,
      );
    return channel;
  }
}

const BEFORE_ALL_OTHERS = `
SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), false)`;

const AS_TENANT = `
SELECT set_config('role', 'parsimony_tenant', true), set_config('parsimony.tenant_id', $1, true)`;

async function run<Row>(
  client: pg.Pool | pg.PoolClient,
  statement: string,
  values: readonly SqlValue[] = [],
): Promise<readonly Row[]> {
  const { rows } = await client.query(statement, [...values]);
  return rows as readonly Row[];
}

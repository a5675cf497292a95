import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { LEDGER_COLUMNS } from '../ledger/ledger-row.js';

const COLUMNS = LEDGER_COLUMNS.join(', ');
const KEY = ['tenant_id', 'at', 'call_id', 'rung'];
const UPDATES = [...LEDGER_COLUMNS.filter((column) => !KEY.includes(column)), 'seq', 'settled_at'];

const CREATE_STAGING = `CREATE TEMP TABLE usage_staging (LIKE usage INCLUDING DEFAULTS) ON COMMIT DELETE ROWS`;
const COPY_IN = `COPY usage_staging (${COLUMNS}) FROM STDIN`;
const ENSURE_PARTITIONS = `SELECT ensure_usage_partition(month) FROM (SELECT DISTINCT date_trunc('month', at, 'UTC') AS month FROM usage_staging) AS months`;
// A row that came before is the same row and stays; only "unconfirmed" gives way to what was learnt later.
const INSERT = `
  INSERT INTO usage SELECT DISTINCT ON (${KEY.join(', ')}) * FROM usage_staging
  ORDER BY ${KEY.join(', ')}, (settlement = 'unconfirmed')
  ON CONFLICT (${KEY.join(', ')}) DO UPDATE SET ${UPDATES.map((column) => `${column} = excluded.${column}`).join(', ')}
  WHERE usage.settlement = 'unconfirmed' AND excluded.settlement IS DISTINCT FROM 'unconfirmed'`;

const CLOSE_JOURNAL = 'INSERT INTO closed_journal (instance) VALUES ($1) ON CONFLICT (instance) DO NOTHING';

/** Channel on which readers of the ledger learn that there is more. */
export const USAGE_CHANNEL = 'parsimony_usage';

/** Writes ledger rows to PostgreSQL in batches, each in one transaction, idempotent by the rows' key. */
export class LedgerWriter {
  #client: Client | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /**
   * @param rows lines of COPY text.
   * @throws the database's error; the batch is then not written at all.
   */
  async write(rows: Buffer): Promise<void> {
    const client = await this.#connect();
    try {
      await client.query('BEGIN');
      await pipeline(Readable.from([rows]), client.query(copyFrom(COPY_IN)));
      await client.query(ENSURE_PARTITIONS);
      await client.query(INSERT);
      await client.query(`NOTIFY ${USAGE_CHANNEL}`);
      await client.query('COMMIT');
    } catch (error) {
      await this.#recover(client);
      throw error;
    }
  }

  /**
   * Says that all of a journal stands in the ledger and that its process is no more: what its leases have spent can be
   * told from the ledger. It may be said again.
   *
   * @throws the database's error.
   */
  async closeJournal(instance: string): Promise<void> {
    const client = await this.#connect();
    await client.query(CLOSE_JOURNAL, [instance]);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(this.onFault);
  }

  async #connect(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'parsimony-ledger',
      connectionTimeoutMillis: 5000,
      query_timeout: 60_000,
      keepAlive: true,
    });
    client.on('error', (error) => {
      this.onFault(error);
      if (this.#client === client) this.#client = undefined;
    });
    try {
      await client.connect();
      await client.query(CREATE_STAGING);
    } catch (error) {
      // Each try would leave a connection behind.
      void client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    return client;
  }

  async #recover(client: Client): Promise<void> {
    try {
      await client.query('ROLLBACK');
    } catch {
      if (this.#client === client) this.#client = undefined;
      void client.end().catch(() => undefined);
    }
  }
}

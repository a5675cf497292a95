import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import pg from 'pg';
import { createDataSource } from '../data-source.js';
import { liveOwner } from '../embedded/owner-file.js';
import { stopOrphan } from '../embedded/postmaster-file.js';
import { startEmbeddedPostgres } from '../embedded/start-embedded-postgres.js';
import type { EmbeddedPostgres } from '../embedded/start-embedded-postgres.js';
import { migrate } from '../migrate.js';

const FOLDER = 'parsimony-test-postgres-';
const TEMPLATE = 'parsimony_template';

export const SILENT: PluginLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One PostgreSQL for the tests of one process, fast and not durable, with a migrated database to copy from. */
export class TestServer {
  private postgres: EmbeddedPostgres | undefined;
  private copies = 0;

  private constructor(private readonly folder: string) {
    // A test process that ends without stopping its databases would leave a server behind.
    process.once('exit', () => this.abandon());
  }

  static async create(): Promise<TestServer> {
    await sweep();
    const folder = await mkdtemp(join(tmpdir(), FOLDER));
    await chmod(folder, 0o755); // PostgreSQL's own user has to walk through it.
    const server = new TestServer(folder);
    await server.start();
    await server.administer(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(createDataSource(server.urlOf(TEMPLATE)));
    return server;
  }

  /** @returns the address of a fresh copy of the migrated database. */
  async copyTemplate(): Promise<string> {
    const name = `test_${++this.copies}`;
    await this.administer(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return this.urlOf(name);
  }

  async start(): Promise<void> {
    this.postgres ??= await startEmbeddedPostgres({
      dataDirectory: join(this.folder, 'data'),
      log: SILENT,
      durable: false,
    });
  }

  async stop(): Promise<void> {
    await this.postgres?.stop();
    this.postgres = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private urlOf(database: string): string {
    if (!this.postgres) throw new Error('the test server does not run');
    const url = new URL(this.postgres.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  private async administer(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  private abandon(): void {
    if (!this.postgres) return;
    try {
      process.kill(this.postgres.pid, 'SIGQUIT');
    } catch {
      // It is gone already.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Removes what killed test runs left. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const folder = join(tmpdir(), name);
    const entries = await readdir(folder).catch((): string[] => []);
    // Without an owner's file: a run that is just beginning.
    if (!entries.includes('data.owner') || (await liveOwner(join(folder, 'data.owner')))) continue;
    await stopOrphan(join(folder, 'data'), SILENT).catch(() => undefined);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

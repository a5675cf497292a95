import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import { Deployment } from '@parsimony/demo';
import { createDataSource, startEmbeddedPostgres } from '@parsimony/persistence';

const LOG: PluginLog = {
  info: () => undefined,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};
const CLONING_MS = 600_000;

export type Sql = <Row>(statement: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** A database and a folder that stay while deployments on them come and go. */
export class KeptPlace implements AsyncDisposable {
  private constructor(
    /** Data folder of the gateways. */
    readonly home: string,
    readonly sql: Sql,
    private readonly variables: Readonly<Record<string, string>>,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @param variables of all its deployments. */
  static async open(variables: Readonly<Record<string, string>>): Promise<KeptPlace> {
    await using opening = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'parsimony-kept-'));
    opening.defer(() => rm(folder, { recursive: true, force: true }));
    // PostgreSQL runs as another user where we are root, and must be able to walk this path.
    await chmod(folder, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), log: LOG });
    opening.defer(() => postgres.stop());
    const dataSource = createDataSource(postgres.url, {
      applicationName: 'parsimony-bench',
      poolSize: 1,
      statementPatienceMs: CLONING_MS,
      log: LOG,
    });
    await dataSource.initialize();
    opening.defer(() => dataSource.destroy());
    const sql: Sql = <Row>(statement: string, values: readonly unknown[] = []) =>
      dataSource.query<Row[]>(statement, [...values]);
    const home = join(folder, 'home');
    const all = { ...variables, DATABASE_URL: postgres.url, PARSIMONY_HOME: home };
    return new KeptPlace(home, sql, all, opening.move());
  }

  /** One at a time: what the gateway keeps in its folder has one owner. */
  start(): Promise<Deployment> {
    return Deployment.start(this.variables);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

import type { DataSource } from 'typeorm';
import { createDataSource } from '../data-source.js';
import type { DataSourceOptions } from '../data-source.js';
import { TestServer } from './test-server.js';

export interface TestDatabase {
  readonly url: string;
  /** Connected; has the entities that were asked for. */
  readonly dataSource: DataSource;
  /** Stops the server under every test database of this process, as an outage does. */
  stopServer(): Promise<void>;
  /** Starts it again, at the same address and with the same data. */
  startServer(): Promise<void>;
  /** Gives the database back; the last one takes the server with it. */
  stop(): Promise<void>;
}

let server: Promise<TestServer> | undefined;
let open = 0;

/**
 * A fresh, migrated database on a real PostgreSQL, for a spec. The first call of a process starts the server (about a
 * second); further ones copy a template (some 50 ms).
 */
export async function startTestDatabase(options: DataSourceOptions = {}): Promise<TestDatabase> {
  server ??= TestServer.create();
  open += 1;
  const running = await server;
  const url = await running.copyTemplate();
  const dataSource = await createDataSource(url, options).initialize();
  let stopped = false;
  return {
    url,
    dataSource,
    stopServer: () => running.stop(),
    startServer: () => running.start(),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await dataSource.destroy();
      open -= 1;
      if (open > 0) return;
      server = undefined;
      await running.remove();
    },
  };
}

import pg from 'pg';

const CONNECT_PATIENCE_MS = 5_000;

/** A connection of a command's own, outside of any pool. `end()` it. @throws pg's or the system's error. */
export async function connect(databaseUrl: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_PATIENCE_MS,
    keepAlive: true,
  });
  // Of a connection that breaks the next statement tells; unheard, this event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

import { join } from 'node:path';
import { DatabaseUnavailable } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.js';
import { createDataSource } from './data-source.js';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
import { migrate } from './migrate.js';
import { CORE_MIGRATIONS } from './migrations/index.js';
import { startTestDatabase } from './testing/index.js';
import { SILENT } from './testing/test-server.js';

it('runs each migration once, however many processes start together', async () => {
  await using folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder.path, 'data'),
    log: SILENT,
    durable: false,
  });
  try {
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(createDataSource(postgres.url))));
    expect(ran.flat().toSorted()).toEqual(CORE_MIGRATIONS.map((migration) => migration.name).toSorted());
    expect(await migrate(createDataSource(postgres.url))).toEqual([]);
  } finally {
    await postgres.stop();
  }
});

it('is append-only', async () => {
  const database = await startTestDatabase();
  try {
    await expect(database.dataSource.undoLastMigration()).rejects.toThrow('write a later migration');
  } finally {
    await database.stop();
  }
});

it('says that the database is away', async () => {
  const nowhere = createDataSource('postgres://postgres:x@127.0.0.1:1/parsimony');
  await expect(migrate(nowhere)).rejects.toBeInstanceOf(DatabaseUnavailable);
});

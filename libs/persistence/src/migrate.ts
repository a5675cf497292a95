import { DataSource } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { throughDatabase } from './database-availability.js';

/** Any number; it names the lock among all advisory locks of the database. */
const MIGRATION_LOCK = 7_261_940_118;

/**
 * Brings the schema up to date. Processes that start together take turns, so that each migration runs once. It works on
 * connections of its own, without a limit on the time of a statement: a migration may take long.
 *
 * @param dataSource connected or not
 * @returns the names of the migrations that ran, in order.
 * @throws DatabaseUnavailable
 */
export function migrate(dataSource: DataSource): Promise<readonly string[]> {
  return throughDatabase(async () => {
    const options = dataSource.options as PostgresDataSourceOptions;
    const migrator = await new DataSource({ ...options, poolSize: 2, extra: { keepAlive: true } }).initialize();
    try {
      const lock = migrator.createQueryRunner();
      try {
        await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
        return (await migrator.runMigrations()).map((migration) => migration.name);
      } finally {
        await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
        await lock.release();
      }
    } finally {
      await migrator.destroy();
    }
  });
}

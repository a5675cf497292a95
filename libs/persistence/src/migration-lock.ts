import { DataSource, type QueryRunner } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { throughDatabase } from './database-availability.js';

/** Any number; it names the lock among all advisory locks of the database. */
const MIGRATION_LOCK = 7_261_940_118;

/**
 * Runs work that changes the schema: processes that start together take turns. It has connections of its own, without a
 * limit on the time of a statement, since a migration may take long.
 *
 * @param dataSource connected or not
 * @param work gets a data source and a connection of it.
 * @throws DatabaseUnavailable, and what the work throws.
 */
export function withMigrationLock<Result>(
  dataSource: DataSource,
  work: (migrator: DataSource, runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  return throughDatabase(async () => {
    const options = dataSource.options as PostgresDataSourceOptions;
    const migrator = await new DataSource({ ...options, poolSize: 3, extra: { keepAlive: true } }).initialize();
    try {
      const lock = migrator.createQueryRunner();
      const runner = migrator.createQueryRunner();
      try {
        await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
        return await work(migrator, runner);
      } finally {
        await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
        await runner.release();
        await lock.release();
      }
    } finally {
      await migrator.destroy();
    }
  });
}

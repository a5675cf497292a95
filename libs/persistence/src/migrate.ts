import type { DataSource } from 'typeorm';
import { withMigrationLock } from './migration-lock.js';

/**
 * Brings the core's schema up to date. Processes that start together take turns, so that each migration runs once.
 *
 * @param dataSource connected or not
 * @returns the names of the migrations that ran, in order.
 * @throws DatabaseUnavailable
 */
export function migrate(dataSource: DataSource): Promise<readonly string[]> {
  return withMigrationLock(dataSource, async (migrator) =>
    (await migrator.runMigrations()).map((migration) => migration.name),
  );
}

import { CORE_MIGRATIONS, createDataSource, migrate } from '@parsimony/persistence';
import { DataSource } from 'typeorm';

/**
 * Brings a database up to date, or exactly so far.
 *
 * @param names the migrations that may run; all of this release by default.
 * @returns the names of those that ran, in order.
 * @throws DatabaseUnavailable
 */
export function migrateTo(databaseUrl: string, names?: readonly string[]): Promise<readonly string[]> {
  const { options } = createDataSource(databaseUrl, { applicationName: 'parsimony-migrate' });
  const migrations = CORE_MIGRATIONS.filter(({ name }) => names?.includes(name) ?? true);
  return migrate(new DataSource({ ...options, migrations: [...migrations] }));
}

import { createHash } from 'node:crypto';
import type { PluginMigration } from '@parsimony/contract';

/** A migration as it ran in a database. */
export interface RanMigration {
  readonly name: string;
  readonly checksum: string;
}

/** What a plugin's list of migrations and a database's memory of it do not agree on. */
export class PluginMigrationRefused extends Error {}

/** What a migration would do, as 64 hexadecimal digits. */
export function checksumOf({ statements }: PluginMigration): string {
  return createHash('sha256').update(JSON.stringify(statements)).digest('hex');
}

/**
 * The migrations of a plugin that have not run yet, in order.
 *
 * @param ran what ran, in order.
 * @throws PluginMigrationRefused where one that ran was changed, is missing or stands elsewhere: the tables are then not
 * those that the plugin expects.
 */
export function pendingMigrations(
  pluginName: string,
  migrations: readonly PluginMigration[],
  ran: readonly RanMigration[],
): readonly PluginMigration[] {
  if (new Set(migrations.map(({ name }) => name)).size < migrations.length)
    throw new PluginMigrationRefused(`plugin ${pluginName} has two migrations of one name`);
  for (const [index, { name, checksum }] of ran.entries()) {
    const migration = migrations[index];
    if (migration?.name !== name) {
      const found = migration ? `where it ran there is now ${migration.name}` : 'a later version of the plugin ran it';
      throw new PluginMigrationRefused(`plugin ${pluginName} lacks its migration ${name}: ${found}`);
    }
    if (checksumOf(migration) !== checksum)
      throw new PluginMigrationRefused(`plugin ${pluginName} has changed its migration ${name} after it ran`);
  }
  return migrations.slice(ran.length);
}

import { createDataSource } from '@parsimony/persistence';
import type { PluginCatalogue } from '@parsimony/pipeline';
import { OperatorKeyService, TENANCY_ENTITIES } from '@parsimony/tenancy';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { CommandFailed } from '../cli/exit-code.js';
import { connect } from '../database/connect.js';
import { loadPlugins } from '../database/load-plugins.js';
import { migrationState } from '../database/migration-state.js';
import { openDatabase, type DatabasePlace } from '../database/open-database.js';
import { pluginMigrationStates } from '../database/plugin-migration-state.js';
import { migratePlugins } from './migrate-plugins.js';
import { migrateTo } from './migrate-to.js';

/** `parsimony migrate` */
export function addMigrateCommand(program: Command, context: CliContext): void {
  program
    .command('migrate')
    .description(
      'bring the database up to this release, and make PARSIMONY_ADMIN_KEY an operator’s key; safe at any time',
    )
    .option('--check', 'change nothing: exit with 1 where migrations are pending')
    .action(async ({ check = false }: { check?: boolean }) => {
      await using database = await openDatabase(context);
      const plugins = await loadPlugins(database.environment);
      if (check) return await reportState(database.url, plugins, context);
      const ran = [...(await migrateTo(database.url)), ...(await migratePlugins(database.url, plugins))];
      if (await ensureOperator(database, context)) context.print('PARSIMONY_ADMIN_KEY is an operator’s key');
      for (const name of ran) context.print(`ran ${name}`);
      context.print(ran.length === 0 ? 'the database is up to date' : `the database is up to date after ${ran.length}`);
    });
}

/** @returns whether the environment names a key; making it again changes nothing. */
async function ensureOperator(
  { url, environment: { PARSIMONY_ADMIN_KEY: secret } }: DatabasePlace,
  { complain }: CliContext,
): Promise<boolean> {
  if (secret === undefined) return false;
  const log = { info: () => undefined, warn: complain, error: complain };
  const dataSource = createDataSource(url, { entities: TENANCY_ENTITIES, applicationName: 'parsimony-cli', log });
  await dataSource.initialize();
  try {
    await new OperatorKeyService(dataSource).ensure(secret, 'PARSIMONY_ADMIN_KEY');
    return true;
  } finally {
    await dataSource.destroy();
  }
}

async function reportState(url: string, plugins: PluginCatalogue, { print }: CliContext): Promise<void> {
  const client = await connect(url, 'parsimony-migrate');
  try {
    const { applied, pending: ofCore, unknown } = await migrationState(client);
    const ofPlugins = await pluginMigrationStates(client, plugins);
    const pending = [
      ...ofCore,
      ...ofPlugins.flatMap((state) => state.pending.map((name) => `${state.plugin}/${name}`)),
    ];
    for (const name of pending) print(`pending ${name}`);
    if (unknown.length > 0) {
      throw new CommandFailed(`the database was migrated by a later release: ${unknown.join(', ')} is unknown here`);
    }
    if (pending.length > 0) throw new CommandFailed(`${pending.length} pending; run \`parsimony migrate\``);
    const count = ofPlugins.reduce((sum, state) => sum + state.applied.length, applied.length);
    print(`the database is up to date: ${count} migrations`);
  } finally {
    await client.end();
  }
}

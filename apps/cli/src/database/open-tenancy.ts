import type { PluginLog } from '@parsimony/contract';
import type { Environment } from '@parsimony/environment';
import { createDataSource } from '@parsimony/persistence';
import { priceOverridesSchema } from '@parsimony/pricing';
import {
  ApiKeyService,
  BudgetService,
  ConfigurationService,
  OperatorKeyService,
  RateLimitService,
  TeamService,
  TENANCY_ENTITIES,
  TenantService,
  type DocumentRules,
} from '@parsimony/tenancy';
import type { DataSource } from 'typeorm';
import type { CliContext } from '../cli/context.js';
import { CommandFailed } from '../cli/exit-code.js';
import { connect } from './connect.js';
import { loadPlugins } from './load-plugins.js';
import { migrationState } from './migration-state.js';
import { openDatabase } from './open-database.js';

/** The services that administer tenants, acting for the deployment itself. */
export interface Tenancy extends AsyncDisposable {
  readonly environment: Environment;
  readonly dataSource: DataSource;
  readonly rules: DocumentRules;
  readonly tenants: TenantService;
  readonly teams: TeamService;
  readonly configurations: ConfigurationService;
  readonly keys: ApiKeyService;
  readonly operatorKeys: OperatorKeyService;
  readonly budgets: BudgetService;
  readonly rateLimits: RateLimitService;
}

/** @throws CommandFailed where the database is not of this release; PluginLoadError; what `openDatabase` throws. */
export async function openTenancy(context: CliContext): Promise<Tenancy> {
  await using opened = new AsyncDisposableStack();
  const { url, environment } = opened.use(await openDatabase(context));
  await demandMigrated(url);
  const log: PluginLog = { info: () => undefined, warn: context.complain, error: context.complain };
  const dataSource = createDataSource(url, {
    entities: TENANCY_ENTITIES,
    applicationName: 'parsimony-cli',
    poolSize: 2,
    log,
  });
  await dataSource.initialize();
  opened.defer(() => dataSource.destroy());
  const plugins = await loadPlugins(environment);
  const rules: DocumentRules = { plugins, prices: priceOverridesSchema };
  const kept = opened.move();
  return {
    environment,
    dataSource,
    rules,
    tenants: new TenantService(dataSource, rules),
    teams: new TeamService(dataSource),
    configurations: new ConfigurationService(dataSource, rules),
    keys: new ApiKeyService(dataSource),
    operatorKeys: new OperatorKeyService(dataSource),
    budgets: new BudgetService(dataSource),
    rateLimits: new RateLimitService(dataSource),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function demandMigrated(url: string): Promise<void> {
  const client = await connect(url, 'parsimony-cli');
  try {
    const { pending } = await migrationState(client);
    if (pending.length > 0)
      throw new CommandFailed('the database is not migrated to this release; run `parsimony migrate`');
  } finally {
    await client.end();
  }
}

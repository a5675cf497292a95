import { parseUsd, type JsonObject, type PluginLog } from '@parsimony/contract';
import type { Environment } from '@parsimony/environment';
import { createDataSource } from '@parsimony/persistence';
import { priceOverridesSchema } from '@parsimony/pricing';
import {
  ApiKeyService,
  BudgetService,
  DEFAULT_DOCUMENT,
  OperatorKeyService,
  TENANCY_ENTITIES,
  TenantService,
} from '@parsimony/tenancy';
import { openPlugins } from '../database/open-tenancy.js';

const DEMO = 'demo';

/** The demo tenant has every first-party plugin on. */
const DEMO_DOCUMENT: JsonObject = {
  ...DEFAULT_DOCUMENT,
  plugins: [{ use: 'request-policy', config: { maxTokens: 16_384 } }],
};

/** It refuses nothing: there is something to be seen of budgets, and the demo goes on. */
const DEMO_BUDGET = { limit: parseUsd('10'), period: 'MONTH', mode: 'SOFT', thresholds: [0.5, 0.8, 1] } as const;

/** Secrets that were made just now; they cannot be shown again. */
export interface NewKeys {
  readonly operator?: string;
  readonly demo?: string;
}

/** Makes what a first start needs: an operator's key, and tenant `demo` with a key and a budget. */
export async function seed(databaseUrl: string, environment: Environment, log: PluginLog): Promise<NewKeys> {
  const dataSource = createDataSource(databaseUrl, {
    entities: TENANCY_ENTITIES,
    applicationName: 'parsimony-up',
    poolSize: 2,
    log,
  });
  await dataSource.initialize();
  try {
    const operator = await seedOperator(new OperatorKeyService(dataSource), environment.PARSIMONY_ADMIN_KEY);
    await using plugins = await openPlugins(environment, log);
    const tenants = new TenantService(dataSource, { plugins, prices: priceOverridesSchema }, DEFAULT_DOCUMENT);
    const withPolicy = plugins.get('request-policy') !== undefined;
    const demo = await seedDemo(tenants, new ApiKeyService(dataSource), new BudgetService(dataSource), withPolicy);
    return { ...(operator !== undefined && { operator }), ...(demo !== undefined && { demo }) };
  } finally {
    await dataSource.destroy();
  }
}

async function seedOperator(keys: OperatorKeyService, wished: string | undefined): Promise<string | undefined> {
  if (wished !== undefined) {
    await keys.ensure(wished, 'PARSIMONY_ADMIN_KEY');
    return undefined;
  }
  if ((await keys.list()).length > 0) return undefined;
  return (await keys.create('first operator')).secret;
}

async function seedDemo(
  tenants: TenantService,
  keys: ApiKeyService,
  budgets: BudgetService,
  withPolicy: boolean,
): Promise<string | undefined> {
  if (await tenants.findByName(DEMO)) return undefined;
  const document = withPolicy ? DEMO_DOCUMENT : DEFAULT_DOCUMENT;
  const { id } = await tenants.create({ name: DEMO, document, createdBy: 'parsimony up' });
  await budgets.set({ tenantId: id, ...DEMO_BUDGET });
  return (await keys.create({ tenantId: id, name: 'first key', role: 'OWNER' })).secret;
}

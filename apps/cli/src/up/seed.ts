import { parseUsd, type JsonObject, type PluginLog } from '@parsimony/contract';
import type { Environment } from '@parsimony/environment';
import { createDataSource } from '@parsimony/persistence';
import type { PluginCatalogue } from '@parsimony/pipeline';
import { priceOverridesSchema } from '@parsimony/pricing';
import {
  ApiKeyService,
  BudgetService,
  defaultDocumentFor,
  OperatorKeyService,
  TENANCY_ENTITIES,
  TenantService,
} from '@parsimony/tenancy';

const DEMO = 'demo';

/** The demo tenant has every first-party plugin on; here are those that a new tenant has not. */
const DEMO_PLUGINS = [{ use: 'request-policy', config: { maxTokens: 16_384 } }] as const;

/** It refuses nothing: there is something to be seen of budgets, and the demo goes on. */
const DEMO_BUDGET = { limit: parseUsd('10'), period: 'MONTH', mode: 'SOFT', thresholds: [0.5, 0.8, 1] } as const;

/** Secrets that were made just now; they cannot be shown again. */
export interface NewKeys {
  readonly operator?: string;
  readonly demo?: string;
}

/** Makes what a first start needs: an operator's key, and tenant `demo` with a key and a budget. */
export async function seed(
  databaseUrl: string,
  environment: Environment,
  plugins: PluginCatalogue,
  log: PluginLog,
): Promise<NewKeys> {
  const dataSource = createDataSource(databaseUrl, {
    entities: TENANCY_ENTITIES,
    applicationName: 'parsimony-up',
    poolSize: 2,
    log,
  });
  await dataSource.initialize();
  try {
    const operator = await seedOperator(new OperatorKeyService(dataSource), environment.PARSIMONY_ADMIN_KEY);
    const tenants = new TenantService(dataSource, { plugins, prices: priceOverridesSchema });
    const document = demoDocument(plugins);
    const demo = await seedDemo(tenants, new ApiKeyService(dataSource), new BudgetService(dataSource), document);
    return { ...(operator !== undefined && { operator }), ...(demo !== undefined && { demo }) };
  } finally {
    await dataSource.destroy();
  }
}

function demoDocument(plugins: PluginCatalogue): JsonObject {
  const standard = defaultDocumentFor(plugins);
  const more = DEMO_PLUGINS.filter(({ use }) => plugins.get(use) !== undefined);
  return { ...standard, plugins: [...more, ...(standard['plugins'] as readonly JsonObject[])] };
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
  document: JsonObject,
): Promise<string | undefined> {
  if (await tenants.findByName(DEMO)) return undefined;
  const { id } = await tenants.create({ name: DEMO, document, createdBy: 'parsimony up' });
  await budgets.set({ tenantId: id, ...DEMO_BUDGET });
  return (await keys.create({ tenantId: id, name: 'first key', role: 'OWNER' })).secret;
}

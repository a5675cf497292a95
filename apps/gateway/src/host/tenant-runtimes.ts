import type { Call, CallContext, GenerationCall, ModelTarget, Next, Operation, TenantRef } from '@parsimony/contract';
import { createEgress, withPurpose, type Drains, type EgressOptions } from '@parsimony/metering';
import { buildStack, StackCache, type EnabledPlugin, type Incident, type PluginRegistry } from '@parsimony/pipeline';
import { costOf, type PriceOverrides } from '@parsimony/pricing';
import { createProvider, type ConnectionPools, type ProviderAdapter, type ProviderConfig } from '@parsimony/providers';
import { DEFAULT_HEALTH_LIMITS, DEFAULT_RETRY_POLICY, ProviderHealth, resilient } from '@parsimony/resilience';
import type { MasterKeys, Reliability, ServedTenant } from '@parsimony/tenancy';
import type { TokenCounter } from '@parsimony/tokens';
import type { TenantRuntime } from '../calls/call-runner.js';
import { ModelResolver } from '../calls/model-resolver.js';
import { demandModel, mayUse } from '../calls/model-scope.js';
import { BudgetDoor } from '../spending/budget-door.js';
import type { EconomyOf } from '../calls/admission.js';
import { fallbackTargets } from './fallback-targets.js';
import type { Lending } from './open-lending.js';
import type { PriceBook } from './price-book.js';
import { TenantProviders } from './tenant-providers.js';
import { withTimeouts } from './with-timeouts.js';

/** What all tenants' stacks stand on. */
export interface RuntimeParts {
  readonly plugins: PluginRegistry;
  readonly providers: ReadonlyMap<string, ProviderAdapter>;
  readonly providerConfigs: readonly ProviderConfig[];
  readonly pools: ConnectionPools;
  readonly masterKeys: MasterKeys;
  readonly health: ProviderHealth;
  readonly prices: PriceBook;
  readonly tokens: TokenCounter;
  readonly drains: Drains;
  readonly lending: Pick<Lending, 'book' | 'limits'>;
  readonly onAttempt?: NonNullable<EgressOptions['onAttempt']>;
  readonly onIncident: (incident: Incident) => void;
}

export type TenantRuntimes = StackCache<ServedTenant<PriceOverrides>, TenantRuntime>;

/** Each tenant's stack and models, built when its document or its credentials have changed. */
export function tenantRuntimes(parts: RuntimeParts): TenantRuntimes {
  return new StackCache(
    (tenant) => buildRuntime(parts, tenant),
    (built, now) => built.revision === now.revision && built.credentialsVersion === now.credentialsVersion,
  );
}

function buildRuntime(parts: RuntimeParts, tenant: ServedTenant<PriceOverrides>): TenantRuntime {
  const { document } = tenant;
  const { reliability } = document;
  const providers = new TenantProviders({
    shared: sharedProviders(parts, reliability.timeouts),
    credentials: tenant.credentials,
    masterKeys: parts.masterKeys,
    pools: parts.pools,
    timeouts: reliability.timeouts,
  });
  const finder = parts.prices.finderFor(document.prices);
  const pricedAs = (target: ModelTarget): string => providers.catalogueOf(target.provider);
  const priceOf = parts.prices.priceOf(finder, pricedAs);
  const egress = createEgress({
    providerFor: (target, call) => {
      demandModel(call, target);
      return providers.find(target.provider, call.caller.teamId);
    },
    door: new BudgetDoor(parts.lending.limits, parts.lending.book, document.budgets),
    priceOf,
    tokens: parts.tokens,
    drains: parts.drains,
    onClientAbort: document.onClientAbort,
    ...(parts.onAttempt && { onAttempt: parts.onAttempt }),
  });
  const healthNameOf = (provider: string): string =>
    providers.isOwn(provider) ? `${tenant.id}/${provider}` : provider;
  const { concurrency } = reliability;
  // The tenant's own limit stands before the deployment's, and counts its calls alone.
  const reliable = resilient(concurrency === undefined ? egress : shielded(egress, parts.health, healthNameOf), {
    health: concurrency === undefined ? parts.health : ownHealth(concurrency),
    policy: { ...DEFAULT_RETRY_POLICY, attempts: reliability.attempts },
    alternatives: (target, call) =>
      fallbackTargets(document, target, call).filter(
        (other) => mayUse(call, other) && canServe(providers, other, call),
      ),
    mark: withPurpose,
    healthNameOf,
  });
  const enabled = document.plugins.flatMap(({ use, config }) => {
    const loaded = parts.plugins.get(use);
    return loaded ? [{ loaded, config }] : [];
  });
  const models = new ModelResolver({
    tiers: document.tiers,
    providers: providers.names,
    isPriced: (provider, model) =>
      finder.find(provider, model, Date.now()) !== undefined ||
      finder.find(providers.catalogueOf(provider), model, Date.now()) !== undefined,
  });
  return {
    models,
    economyOf: economyOf(models, providers),
    stack: buildStack(tenant, enabled, reliable, parts.onIncident),
    egress: reliable,
    costOf: (context, target, usage) => costOf(priceOf(target, context.receivedAt, operationOf(context)), usage),
    results: resultsOf(tenant, enabled),
    totalMs: reliability.timeouts.totalMs,
    providers,
  };
}

/** Work that is no call asks for text, as far as prices go. */
function operationOf(context: CallContext | Call): Operation {
  return 'body' in context ? context.operation : 'chat.completions';
}

/** What the first of the tenant's caches keeps by name. */
function resultsOf(tenant: TenantRef, enabled: readonly EnabledPlugin[]): TenantRuntime['results'] {
  for (const { loaded, config } of enabled) {
    const { plugin, shared } = loaded;
    if (plugin.cache) return { plugin: plugin.name, results: plugin.cache.results(shared, config, tenant) };
  }
  return undefined;
}

/** The deployment's providers, with the time-outs that the tenant wants where it wants others. */
function sharedProviders(
  { providers, providerConfigs, pools }: RuntimeParts,
  timeouts: Reliability['timeouts'],
): ReadonlyMap<string, ProviderAdapter> {
  if (timeouts.firstByteMs === undefined && timeouts.betweenBytesMs === undefined) return providers;
  return new Map(providerConfigs.map((config) => [config.name, createProvider(withTimeouts(config, timeouts), pools)]));
}

function shielded(egress: Next, health: ProviderHealth, healthNameOf: (provider: string) => string): Next {
  return resilient(egress, {
    health,
    healthNameOf,
    policy: { ...DEFAULT_RETRY_POLICY, attempts: 1 },
    alternatives: () => [],
    mark: (call) => call,
  });
}

function ownHealth(limit: number): ProviderHealth {
  return new ProviderHealth({ bulkhead: { ...DEFAULT_HEALTH_LIMITS.bulkhead, limit } });
}

function economyOf(models: ModelResolver, providers: TenantProviders): EconomyOf {
  const economy = models.preferred('economy');
  if (!economy) return () => undefined;
  return (call: GenerationCall) => (mayUse(call, economy) && canServe(providers, economy, call) ? economy : undefined);
}

/** A fallback that cannot do what the call asks for would only put another error in the place of the first. */
function canServe(providers: TenantProviders, target: ModelTarget, call: Call): boolean {
  try {
    return providers.find(target.provider, call.caller.teamId)?.supports(call.operation) ?? false;
  } catch {
    return false;
  }
}

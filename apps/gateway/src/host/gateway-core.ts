import { join } from 'node:path';
import { createDataSource, migratePlugin } from '@parsimony/persistence';
import { Drains, Flusher, Journal, JournalFiles, LedgerWriter, RejectedRows } from '@parsimony/metering';
import { AddressGuard } from '@parsimony/network';
import { PluginCatalogue, type PluginRegistry } from '@parsimony/pipeline';
import { CatalogueWatch, PriceCatalogue, priceOverridesSchema, type PriceOverrides } from '@parsimony/pricing';
import { ConnectionPools, createProvider, type ProviderAdapter } from '@parsimony/providers';
import { DEFAULT_HEALTH_LIMITS, ProviderHealth } from '@parsimony/resilience';
import {
  CallMetrics,
  createRegistry,
  incidentCounter,
  pluginLog,
  startTracing,
  type CallTracing,
  type Logger,
  type Registry,
  type ServerAddress,
} from '@parsimony/telemetry';
import {
  IdempotencyStore,
  JwtSignIn,
  LastUseRecorder,
  MasterKeys,
  TENANCY_ENTITIES,
  TenantDirectory,
  type CredentialRules,
  type DocumentRules,
} from '@parsimony/tenancy';
import { TokenCounter } from '@parsimony/tokens';
import type { DataSource } from 'typeorm';
import { CallAdmission } from '../admission/call-admission.js';
import { CallRunner } from '../calls/call-runner.js';
import { observeCore } from './core-gauges.js';
import { credentialRulesOf } from './credential-rules-of.js';
import type { GatewayOptions } from './gateway-options.js';
import { openLending, type Lending } from './open-lending.js';
import { openPlugins } from './plugins/open-plugins.js';
import { PluginCapabilities } from './plugins/plugin-capabilities.js';
import { PluginFaults } from './plugins/plugin-faults.js';
import { SideQuestions } from './plugins/side-questions.js';
import { PriceBook } from './price-book.js';
import type { Readiness } from './readiness.js';
import { RetentionJob } from './retention-job.js';
import { servedTenant } from './served-tenant.js';
import { tenantRuntimes, type TenantRuntimes } from './tenant-runtimes.js';

const DRAIN_LIMIT_MS = 600_000;

/** Everything of a gateway that is not HTTP, opened in order and closed in reverse. */
export interface GatewayCore extends AsyncDisposable {
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly dataSource: DataSource;
  readonly plugins: PluginRegistry;
  /** Faults of plugins that last, by plugin and part. */
  readonly pluginFaults: PluginFaults['all'];
  /** The deployment's own. */
  readonly providers: ReadonlyMap<string, ProviderAdapter>;
  readonly health: ProviderHealth;
  readonly prices: PriceBook;
  readonly rules: DocumentRules<PriceOverrides>;
  readonly credentialRules: CredentialRules;
  readonly directory: TenantDirectory<PriceOverrides>;
  readonly idempotency: IdempotencyStore;
  readonly signIn: JwtSignIn | undefined;
  readonly lastUse: LastUseRecorder;
  readonly runtimes: TenantRuntimes;
  readonly runner: CallRunner;
  readonly drains: Drains;
  readonly flusher: Flusher;
  readonly journal: Journal;
  readonly lending: Lending;
  readonly metrics: Registry;
}

/** @throws PluginLoadError, PluginMigrationRefused, DatabaseUnavailable, or the file system's error where the journal cannot be made. */
export async function openCore(options: GatewayOptions): Promise<GatewayCore> {
  const { logger, masterKeys = MasterKeys.none } = options;
  const fault = (message: string) => (error: unknown) => logger.error({ error }, message);
  await using opened = new AsyncDisposableStack();

  const metrics = createRegistry();
  const servers = serverAddresses(options.providers);
  const tracing =
    options.tracing &&
    startTracing(options.tracing, {
      onFault: fault('telemetry cannot be exported'),
      serverOf: (provider) => servers.get(provider),
    });
  if (tracing) opened.use(tracing);
  const catalogue = await PluginCatalogue.load(options.plugins, options.pluginsFrom);
  const tokens = opened.use(new TokenCounter());
  const [prices] = await Promise.all([openPrices(options, opened), tokens.warmUp()]);
  const guard = new AddressGuard({ allow: options.allowedAddresses ?? [] });
  const pools = opened.use(new ConnectionPools(guard));
  const providers = new Map(options.providers.map((config) => [config.name, createProvider(config, pools)]));
  const health = new ProviderHealth(healthLimits(options));

  const dataSource = createDataSource(options.databaseUrl, {
    entities: TENANCY_ENTITIES,
    applicationName: 'parsimony-gateway',
    log: pluginLog(logger, 'database'),
  });
  await dataSource.initialize();
  opened.defer(() => dataSource.destroy());
  for (const { plugin } of catalogue.all()) await migratePlugin(dataSource, plugin);
  const rules: DocumentRules<PriceOverrides> = { plugins: catalogue, prices: priceOverridesSchema };
  const directory = new TenantDirectory({
    dataSource,
    url: options.databaseUrl,
    rules,
    log: pluginLog(logger, 'tenancy'),
  });
  await directory.start();
  opened.defer(() => directory.stop());
  const lastUse = new LastUseRecorder(dataSource, pluginLog(logger, 'tenancy'));
  lastUse.start();
  opened.defer(() => lastUse.stop());
  opened.use(new RetentionJob(dataSource, options.retention ?? { months: 0, auditDays: 0 }, logger));

  const files = new JournalFiles(options.journalDirectory);
  const journal = opened.use(
    new Journal(files, { ...options.journal, onFault: fault('the journal cannot be written') }),
  );
  const writer = new LedgerWriter(options.databaseUrl, fault('the connection to the ledger broke'));
  opened.defer(() => writer.close());
  const rejects = new RejectedRows(
    join(options.journalDirectory, 'rejected.rows'),
    fault('the ledger refused a row; it was put aside'),
  );
  const flusher = new Flusher(journal, files, (rows) => writer.write(rows), rejects, {
    intervalMs: options.flushIntervalMs ?? 500,
    batchBytes: 1 << 20,
    longestWaitMs: 10_000,
    closeJournal: (instance) => writer.closeJournal(instance),
    onFault: fault('the journal could not be flushed; it will be tried again'),
    onReplay: (report) => logger.info(report, 'replayed the journal of a process that is no more'),
  });
  opened.defer(() => flusher.stop(10_000));
  // Closed when all calls are settled, and before the journal is: what it says last must not come after that.
  const lending = opened.use(openLending(options.budgets, journal.instance, directory, logger));
  const drains = new Drains(options.longestDrainMs ?? DRAIN_LIMIT_MS, fault('an answer could not be read to its end'));
  opened.defer(() => drains.finish(5_000));

  const runner = opened.use(newRunner(journal, lending, metrics, logger, tracing));
  const pluginFaults = new PluginFaults(metrics, logger);
  const capabilities = opened.use(
    new PluginCapabilities({
      databaseUrl: options.databaseUrl,
      home: options.home,
      qdrant: options.qdrant,
      models: new SideQuestions((tenantId) => runtimes.get(servedTenant(directory, tenantId))),
      log: pluginLog(logger, 'plugins'),
    }),
  );
  // Closed before all that they ask for: what they still learn is booked and kept.
  const plugins = opened.use(await openPlugins(catalogue, capabilities, pluginFaults, logger));
  const incidents = incidentCounter(metrics);
  const runtimes: TenantRuntimes = tenantRuntimes({
    plugins,
    providers,
    providerConfigs: options.providers,
    pools,
    masterKeys,
    health,
    prices,
    tokens,
    drains,
    lending,
    ...(tracing && { onAttempt: (attempt) => tracing.attempt(attempt) }),
    onIncident: ({ plugin, outcome, callId, error }) => {
      incidents.inc({ plugin, outcome });
      logger.warn({ plugin, outcome, callId, error }, 'a layer broke');
    },
  });

  const kept = opened.move();
  const core: GatewayCore = {
    logger,
    readiness: { stopping: false },
    dataSource,
    plugins,
    pluginFaults: pluginFaults.all,
    providers,
    health,
    prices,
    rules,
    credentialRules: credentialRulesOf(masterKeys, guard),
    directory,
    idempotency: new IdempotencyStore(dataSource),
    signIn: options.signIn && new JwtSignIn(options.signIn),
    lastUse,
    runtimes,
    runner,
    drains,
    flusher,
    journal,
    lending,
    metrics,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  observeCore(core, rejects);
  return core;
}

/** Where the providers are whose addresses were given; the others are where their kind is. */
function serverAddresses(providers: GatewayOptions['providers']): ReadonlyMap<string, ServerAddress> {
  return new Map(
    providers.flatMap(({ name, baseUrl }) => {
      const url = baseUrl === undefined ? null : URL.parse(baseUrl);
      if (!url) return [];
      const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
      return [[name, { address: url.hostname, port }] as const];
    }),
  );
}

async function openPrices(
  { ceiling, priceFile, logger }: GatewayOptions,
  opened: AsyncDisposableStack,
): Promise<PriceBook> {
  const catalogue = await PriceCatalogue.bundled();
  if (priceFile !== undefined) {
    const watch = await CatalogueWatch.open(priceFile, catalogue, {
      onLoaded: () => logger.info({ priceFile }, 'took up refreshed prices'),
      onFault: (error) => logger.error({ error, priceFile }, 'refreshed prices cannot be taken up'),
    });
    opened.use(watch);
  }
  return new PriceBook(catalogue, ceiling, (target) =>
    logger.warn({ target }, 'no price is known for this model; its calls are priced at the ceiling'),
  );
}

function healthLimits({ maxCallsPerProvider: limit }: GatewayOptions) {
  return limit === undefined ? {} : { bulkhead: { ...DEFAULT_HEALTH_LIMITS.bulkhead, limit } };
}

function newRunner(
  journal: Journal,
  { limits, book }: Lending,
  metrics: Registry,
  logger: Logger,
  tracing: CallTracing | undefined,
): CallRunner {
  const callMetrics = new CallMetrics(metrics);
  return new CallRunner(
    journal,
    new CallAdmission(limits, book),
    {
      finished: (call) => {
        callMetrics.finished(call);
        tracing?.finished(call);
      },
      fault: (error, callId) => logger.error({ error, callId }, 'a call met a defect'),
    },
    tracing && ((traceparent, callId) => tracing.begin(traceparent, callId)),
  );
}

import { join } from 'node:path';
import { createDataSource } from '@parsimony/persistence';
import {
  createEgress,
  Drains,
  Flusher,
  Journal,
  JournalFiles,
  LedgerWriter,
  RejectedRows,
  unlimitedDoor,
} from '@parsimony/metering';
import { buildStack, PluginRegistry, StackCache } from '@parsimony/pipeline';
import { PriceCatalogue, priceOverridesSchema, type PriceOverrides } from '@parsimony/pricing';
import { OpenAiProvider, type ProviderAdapter } from '@parsimony/providers';
import {
  CallMetrics,
  createRegistry,
  incidentCounter,
  observedGauge,
  pluginLog,
  type Logger,
  type Registry,
} from '@parsimony/telemetry';
import {
  LastUseRecorder,
  TENANCY_ENTITIES,
  TenantDirectory,
  type DocumentRules,
  type ServedTenant,
} from '@parsimony/tenancy';
import { TokenCounter } from '@parsimony/tokens';
import type { DataSource } from 'typeorm';
import { CallRunner, type TenantRuntime } from '../calls/call-runner.js';
import { ModelResolver } from '../calls/model-resolver.js';
import type { GatewayOptions } from './gateway-options.js';
import { PriceBook } from './price-book.js';

const DRAIN_LIMIT_MS = 600_000;

/** Everything of a gateway that is not HTTP, opened in order and closed in reverse. */
export interface GatewayCore extends AsyncDisposable {
  readonly logger: Logger;
  readonly dataSource: DataSource;
  readonly plugins: PluginRegistry;
  readonly providers: ReadonlyMap<string, ProviderAdapter>;
  readonly prices: PriceBook;
  readonly rules: DocumentRules<PriceOverrides>;
  readonly directory: TenantDirectory<PriceOverrides>;
  readonly lastUse: LastUseRecorder;
  readonly runtimes: StackCache<ServedTenant<PriceOverrides>, TenantRuntime>;
  readonly runner: CallRunner;
  readonly drains: Drains;
  readonly flusher: Flusher;
  readonly journal: Journal;
  readonly metrics: Registry;
}

/** @throws PluginLoadError, DatabaseUnavailable, or the file system's error where the journal cannot be made. */
export async function openCore(options: GatewayOptions): Promise<GatewayCore> {
  const { logger } = options;
  const fault = (message: string) => (error: unknown) => logger.error({ error }, message);
  await using opened = new AsyncDisposableStack();

  const metrics = createRegistry();
  const plugins = opened.use(
    await PluginRegistry.open(options.plugins, options.pluginsFrom, (plugin) => ({
      log: pluginLog(logger, plugin),
      capabilities: {},
    })),
  );
  const tokens = opened.use(new TokenCounter());
  const [catalogue] = await Promise.all([PriceCatalogue.bundled(), tokens.warmUp()]);
  const prices = new PriceBook(catalogue, (target) =>
    logger.warn({ target }, 'no price is known for this model; its calls are priced at the ceiling'),
  );
  const providers = new Map<string, ProviderAdapter>();
  for (const each of options.providers) providers.set(each.name, opened.use(new OpenAiProvider(each)));

  const dataSource = createDataSource(options.databaseUrl, {
    entities: TENANCY_ENTITIES,
    applicationName: 'parsimony-gateway',
    log: pluginLog(logger, 'database'),
  });
  await dataSource.initialize();
  opened.defer(() => dataSource.destroy());
  const rules: DocumentRules<PriceOverrides> = { plugins, prices: priceOverridesSchema };
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
    onFault: fault('the journal could not be flushed; it will be tried again'),
    onReplay: (report) => logger.info(report, 'replayed the journal of a process that is no more'),
  });
  opened.defer(() => flusher.stop(10_000));
  const drains = new Drains(options.longestDrainMs ?? DRAIN_LIMIT_MS, fault('an answer could not be read to its end'));
  opened.defer(() => drains.finish(5_000));

  const callMetrics = new CallMetrics(metrics);
  const runner = new CallRunner(journal, {
    finished: (call) => callMetrics.finished(call),
    fault: (error, callId) => logger.error({ error, callId }, 'a call met a defect'),
  });
  const incidents = incidentCounter(metrics);
  const runtimes = new StackCache<ServedTenant<PriceOverrides>, TenantRuntime>((tenant) => {
    const finder = prices.finderFor(tenant.document.prices);
    const egress = createEgress({
      providers,
      door: unlimitedDoor,
      priceOf: prices.priceOf(finder),
      tokens,
      drains,
      onClientAbort: tenant.document.onClientAbort,
    });
    const enabled = tenant.document.plugins.flatMap(({ use, config }) => {
      const loaded = plugins.get(use);
      return loaded ? [{ loaded, config }] : [];
    });
    return {
      models: new ModelResolver({
        tiers: tenant.document.tiers,
        providers: [...providers.keys()],
        isPriced: (provider, model) => finder.find(provider, model, Date.now()) !== undefined,
      }),
      stack: buildStack(tenant, enabled, egress, ({ plugin, outcome, callId, error }) => {
        incidents.inc({ plugin, outcome });
        logger.warn({ plugin, outcome, callId, error }, 'a layer broke');
      }),
    };
  });

  observedGauge(
    metrics,
    'parsimony_calls_under_way',
    'Calls that have not been answered yet',
    () => runner.callsUnderWay,
  );
  observedGauge(
    metrics,
    'parsimony_drains_under_way',
    'Answers that are read on after their callers left',
    () => drains.size,
  );
  observedGauge(
    metrics,
    'parsimony_journal_backlog_bytes',
    'Journal that the database does not have yet',
    () => journal.backlogBytes,
  );
  observedGauge(
    metrics,
    'parsimony_journal_open_reservations',
    'Provider calls that are not settled yet',
    () => journal.openReservations,
  );
  observedGauge(
    metrics,
    'parsimony_journal_unwritten',
    'Settlements that wait in memory for the disk',
    () => journal.unwritten,
  );
  observedGauge(metrics, 'parsimony_ledger_rejected_rows', 'Rows that the database refused', () => rejects.count);

  const kept = opened.move();
  return {
    logger,
    dataSource,
    plugins,
    providers,
    prices,
    rules,
    directory,
    lastUse,
    runtimes,
    runner,
    drains,
    flusher,
    journal,
    metrics,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

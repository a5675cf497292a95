import { mkdir } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import { readEnvironment } from '@parsimony/environment';
import { startEmbeddedPostgres } from '@parsimony/persistence';
import { createLogger, pluginLog } from '@parsimony/telemetry';
import { removeAddress, writeAddress } from '../database/address-file.js';
import { loadPlugins } from '../database/load-plugins.js';
import { migratePlugins } from '../migrate/migrate-plugins.js';
import { migrateTo } from '../migrate/migrate-to.js';
import { banner } from './banner.js';
import { placeBudgets } from './budgets-place.js';
import { ManagedProcess, type ManagedProcessOptions } from './managed-process.js';
import { watchForOrphanhood } from './orphan-watch.js';
import { budgetsPart, gatewayPart, simulatorPart, simulatorUrl, type Setting } from './parts.js';
import { seed } from './seed.js';

const DATABASE_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/** Brings up everything on one machine and keeps it up until a signal. */
export async function up(variables: NodeJS.ProcessEnv): Promise<void> {
  const startedAt = performance.now();
  const environment = readEnvironment(variables);
  const log = pluginLog(createLogger('up', environment.PARSIMONY_LOG_LEVEL), 'up');
  const home = resolve(environment.PARSIMONY_HOME);
  await mkdir(home, { recursive: true, mode: 0o755 });

  const running = new AsyncDisposableStack();
  const stopping = Promise.withResolvers<Error | undefined>();
  const children: ManagedProcess[] = [];
  const stop = (): void => {
    stopping.resolve(undefined);
    // Asked a second time: at once.
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => children.forEach((child) => child.kill()));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  watchForOrphanhood(variables, stop);
  const manage = (options: ManagedProcessOptions): ManagedProcess => {
    const child = new ManagedProcess(options);
    children.push(child);
    running.defer(() => child.stop());
    return child;
  };
  const onGivenUp = (error: Error): void => stopping.resolve(error);

  try {
    const databaseUrl = environment.DATABASE_URL ?? (await embeddedDatabase(home, running, log));
    const budgetsPlace = await placeBudgets(variables, environment, home);
    const setting: Setting = { variables, environment, home, databaseUrl, budgets: budgetsPlace };
    const simulated = simulatorUrl(environment);
    // They stop in the opposite order: the gateway gives back what it borrowed, and only then the service goes.
    const simulator = simulated === undefined ? undefined : manage({ ...simulatorPart(setting), onGivenUp });
    const service = budgetsPart(setting);
    // Gateways go on without it for a while, and then do as each tenant wishes: it takes nothing down with it.
    const budgets = service && manage({ ...service, onGivenUp: undefined });
    const gateway = manage({ ...gatewayPart(setting), onGivenUp });

    const plugins = await loadPlugins(environment);
    const migrated = migrateTo(databaseUrl).then(() => migratePlugins(databaseUrl, plugins));
    const seeded = migrated.then(() => seed(databaseUrl, environment, plugins, log));
    const [keys, ready] = await Promise.all([
      seeded,
      // It knows keys and tenants from its start then, and need not hear of them.
      seeded.then(() => gateway.start()),
      migrated.then(() => budgets?.start()),
      simulator?.start(),
    ]);
    if (budgetsPlace.own) {
      await writeAddress(home, 'budgets', budgetsPlace.own.url);
      running.defer(() => removeAddress(home, 'budgets'));
    }
    const { url: gatewayUrl } = ready as { readonly url: string };
    console.log(
      banner({
        gatewayUrl,
        gatewayPid: gateway.pid,
        budgetsUrl: budgetsPlace.own?.url,
        simulatorUrl: simulated,
        home,
        embedded: environment.DATABASE_URL === undefined,
        keys,
        seconds: (performance.now() - startedAt) / 1000,
      }),
    );
    const failure = await stopping.promise;
    if (failure) throw failure;
  } finally {
    await running.disposeAsync();
  }
}

async function embeddedDatabase(home: string, running: AsyncDisposableStack, log: PluginLog): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(home, 'postgres'), log });
  running.defer(() => postgres.stop());
  await writeAddress(home, 'database', postgres.url);
  running.defer(() => removeAddress(home, 'database'));
  // No call waits for the database; on a machine that is full, calls come first. Its later children inherit this.
  setPriority(postgres.pid, DATABASE_PRIORITY);
  return postgres.url;
}

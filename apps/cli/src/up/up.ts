import { mkdir } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment, type Environment } from '@parsimony/environment';
import { startEmbeddedPostgres } from '@parsimony/persistence';
import { createLogger, pluginLog } from '@parsimony/telemetry';
import { removeAddress, writeAddress } from '../database/address-file.js';
import { banner } from './banner.js';
import { ManagedProcess, type ManagedProcessOptions } from './managed-process.js';
import { watchForOrphanhood } from './orphan-watch.js';
import { seed } from './seed.js';

const GATEWAY = fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));
const SIMULATOR = fileURLToPath(new URL('../../../../tools/simulator/dist/main.js', import.meta.url));
/** Any of them set: calls go to a real provider, and no simulator is needed. */
const PROVIDER_VARIABLES = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'GEMINI_API_KEY',
  'GEMINI_BASE_URL',
  'MISTRAL_API_KEY',
  'MISTRAL_BASE_URL',
  'AZURE_OPENAI_ENDPOINT',
  'PARSIMONY_PROVIDERS',
] as const;
const SIMULATOR_KEY = 'sk-simulator';
const DATABASE_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;
/** Megabytes for young objects. A call's garbage then dies young; by default much of it is copied before it dies. */
const GATEWAY_FLAGS = ['--max-semi-space-size=32'];

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
  const manage = (options: Omit<ManagedProcessOptions, 'onGivenUp'>): ManagedProcess => {
    const child = new ManagedProcess({ ...options, onGivenUp: (error) => stopping.resolve(error) });
    children.push(child);
    running.defer(() => child.stop());
    return child;
  };

  try {
    const databaseUrl = environment.DATABASE_URL ?? (await embeddedDatabase(home, running, log));
    const simulated = !hasProvider(environment);
    const simulatorUrl = simulated ? `http://127.0.0.1:${environment.PARSIMONY_SIMULATOR_PORT}` : undefined;
    const simulator = simulated
      ? manage({
          name: 'the simulator',
          path: SIMULATOR,
          environment: simulatorVariables(variables, environment),
          graceMs: 5_000,
        })
      : undefined;
    const [keys] = await Promise.all([seed(databaseUrl, environment, log), simulator?.start()]);
    const provider =
      simulatorUrl === undefined
        ? {}
        : {
            OPENAI_BASE_URL: `${simulatorUrl}/v1`,
            OPENAI_API_KEY: SIMULATOR_KEY,
            ANTHROPIC_BASE_URL: simulatorUrl,
            ANTHROPIC_API_KEY: SIMULATOR_KEY,
          };
    const gateway = manage({
      name: 'the gateway',
      path: GATEWAY,
      nodeFlags: GATEWAY_FLAGS,
      environment: { ...variables, DATABASE_URL: databaseUrl, PARSIMONY_HOME: home, ...provider },
      graceMs: gatewayGraceMs(environment),
    });
    const ready = (await gateway.start()) as { readonly url: string };
    const seconds = (performance.now() - startedAt) / 1000;
    const embedded = environment.DATABASE_URL === undefined;
    console.log(
      banner({ gatewayUrl: ready.url, gatewayPid: gateway.pid, simulatorUrl, home, embedded, keys, seconds }),
    );
    const failure = await stopping.promise;
    if (failure) throw failure;
  } finally {
    await running.disposeAsync();
  }
}

function hasProvider(environment: Environment): boolean {
  return PROVIDER_VARIABLES.some((name) => environment[name] !== undefined);
}

/** The gateway's own drain, and what it takes behind it to bring the journal to the database. */
function gatewayGraceMs(environment: Environment): number {
  const { PARSIMONY_DRAIN_DELAY_SECONDS: delay, PARSIMONY_DRAIN_SECONDS: drain } = environment;
  return (delay + drain + 15) * 1000;
}

async function embeddedDatabase(
  home: string,
  running: AsyncDisposableStack,
  log: ReturnType<typeof pluginLog>,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(home, 'postgres'), log });
  running.defer(() => postgres.stop());
  await writeAddress(home, postgres.url);
  running.defer(() => removeAddress(home));
  // No call waits for the database; on a machine that is full, calls come first. Its later children inherit this.
  setPriority(postgres.pid, DATABASE_PRIORITY);
  return postgres.url;
}

/** Neither the database's password nor a provider's key is any of the simulator's business. */
function simulatorVariables(variables: NodeJS.ProcessEnv, environment: Environment): NodeJS.ProcessEnv {
  const own = Object.entries(variables).filter(
    ([name]) => name.startsWith('PARSIMONY_SIMULATOR_') || name === 'PATH' || name === 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(own), PARSIMONY_SIMULATOR_PORT: String(environment.PARSIMONY_SIMULATOR_PORT) };
}

import { fileURLToPath } from 'node:url';
import type { Environment } from '@parsimony/environment';
import type { BudgetsPlace } from './budgets-place.js';
import type { ManagedProcessOptions } from './managed-process.js';

const GATEWAY = fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));
const BUDGETS = fileURLToPath(new URL('../../../budgets/dist/main.js', import.meta.url));
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
/** Megabytes for young objects. A call's garbage then dies young; by default much of it is copied before it dies. */
const GATEWAY_FLAGS = ['--max-semi-space-size=32'];

/** What `parsimony up` was given, and found out. */
export interface Setting {
  readonly variables: NodeJS.ProcessEnv;
  readonly environment: Environment;
  readonly home: string;
  readonly databaseUrl: string;
  readonly budgets: BudgetsPlace;
}

type Part = Omit<ManagedProcessOptions, 'onGivenUp'>;

/** @returns undefined where calls go to a real provider. */
export function simulatorUrl(environment: Environment): string | undefined {
  if (PROVIDER_VARIABLES.some((name) => environment[name] !== undefined)) return undefined;
  return `http://127.0.0.1:${environment.PARSIMONY_SIMULATOR_PORT}`;
}

/** Neither the database's password nor a provider's key is any of the simulator's business. */
export function simulatorPart({ variables, environment }: Setting): Part {
  const own = Object.entries(variables).filter(
    ([name]) => name.startsWith('PARSIMONY_SIMULATOR_') || name === 'PATH' || name === 'NODE_OPTIONS',
  );
  const port = String(environment.PARSIMONY_SIMULATOR_PORT);
  return {
    name: 'the simulator',
    path: SIMULATOR,
    environment: { ...Object.fromEntries(own), PARSIMONY_SIMULATOR_PORT: port },
    graceMs: 5_000,
  };
}

/** @returns undefined where the service runs elsewhere. */
export function budgetsPart({ databaseUrl, budgets }: Setting): Part | undefined {
  if (!budgets.own) return undefined;
  return {
    name: 'the budgets service',
    path: BUDGETS,
    environment: { ...budgets.own.variables, DATABASE_URL: databaseUrl },
    graceMs: 10_000,
  };
}

export function gatewayPart({ variables, environment, home, databaseUrl, budgets }: Setting): Part {
  const { PARSIMONY_DRAIN_DELAY_SECONDS: delay, PARSIMONY_DRAIN_SECONDS: drain } = environment;
  return {
    name: 'the gateway',
    path: GATEWAY,
    nodeFlags: GATEWAY_FLAGS,
    environment: {
      ...variables,
      DATABASE_URL: databaseUrl,
      PARSIMONY_HOME: home,
      ...budgets.forGateways,
      ...simulatedProviders(simulatorUrl(environment)),
    },
    // Its own drain, and what it takes behind it to bring the journal to the database.
    graceMs: (delay + drain + 15) * 1000,
  };
}

function simulatedProviders(url: string | undefined): NodeJS.ProcessEnv {
  if (url === undefined) return {};
  return {
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: SIMULATOR_KEY,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: SIMULATOR_KEY,
  };
}

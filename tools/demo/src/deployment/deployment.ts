import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setBudget, type BudgetWish } from './budget.js';
import { freePorts } from './free-ports.js';
import { parseGauges, unfinished } from './gauges.js';
import { GraphqlClient } from './graphql-client.js';
import { Ledger } from './ledger.js';
import { OutputTail } from './output-tail.js';
import { findPartProcess, type Part } from './part-process.js';
import { Provider } from './provider.js';
import { answersOk, until } from './until.js';
import { isolatedVariables } from './variables.js';

const PARSIMONY = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));
const READY_MS = 60_000;
const STOP_MS = 60_000;

export interface Tenant {
  readonly id: string;
  /** An API key with the role MEMBER that the gateway knows already. */
  readonly key: string;
  readonly ledger: Ledger;
  /** Makes a budget of this tenant, or replaces it; gateways hear of it within two seconds. @returns its id. */
  setBudget(wish: BudgetWish): Promise<string>;
}

/** `parsimony up` as a process of its own, on free ports and a folder that goes with it. */
export class Deployment implements AsyncDisposable {
  readonly graphql: GraphqlClient;
  readonly provider: Provider;

  private constructor(
    readonly url: string,
    /** Of the budgets service. */
    readonly budgetsUrl: string,
    simulatorUrl: string,
    operatorKey: string,
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    this.graphql = new GraphqlClient(url, operatorKey);
    this.provider = new Provider(simulatorUrl);
  }

  /**
   * @param variables further environment variables; `OPENAI_BASE_URL` takes the simulator's place.
   * @throws Error with the last output where it ends before it is ready.
   */
  static async start(variables: Readonly<Record<string, string>> = {}): Promise<Deployment> {
    const [port, budgetsPort, simulatorPort] = await freePorts(3);
    const operatorKey = `psk_${randomBytes(24).toString('base64url')}`;
    const home = await mkdtemp(join(tmpdir(), 'parsimony-'));
    // PostgreSQL runs as another user where we are root, and must be able to walk this path.
    await chmod(home, 0o755);
    const child = spawn(process.execPath, [PARSIMONY, 'up'], {
      env: isolatedVariables(process.env, {
        PORT: String(port),
        PARSIMONY_BUDGETS_PORT: String(budgetsPort),
        PARSIMONY_SIMULATOR_PORT: String(simulatorPort),
        PARSIMONY_HOME: home,
        PARSIMONY_ADMIN_KEY: operatorKey,
        PARSIMONY_LOG_LEVEL: 'warn',
        ...variables,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C of the terminal is ours to pass on: twice, it would read as "at once".
      detached: true,
    });
    // A defect here that nobody catches would leave all of it running.
    const orphaned = (): void => void child.kill('SIGINT');
    process.once('exit', orphaned);
    child.once('exit', () => process.off('exit', orphaned));
    const output = new OutputTail(child.stdout, child.stderr);
    const url = loopback(port);
    const budgetsUrl = variables['PARSIMONY_BUDGETS_URL'] ?? loopback(budgetsPort);
    const deployment = new Deployment(url, budgetsUrl, loopback(simulatorPort), operatorKey, child, home);
    try {
      await until(
        async () => {
          if (hasEnded(child)) throw new Error(`parsimony up ended before it was ready:\n${output.text}`);
          const ready = await Promise.all([url, budgetsUrl].map((part) => answersOk(`${part}/readyz`)));
          return ready.every(Boolean) || undefined;
        },
        { what: 'parsimony up to be ready', timeoutMs: READY_MS },
      );
      return deployment;
    } catch (error) {
      await deployment[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Process id of the gateway. @throws Error where the system has no `/proc`. */
  gatewayPid(): number {
    return this.#pidOf('gateway');
  }

  /** Process id of the budgets service. @throws Error where the system has no `/proc`, or it is just started again. */
  budgetsPid(): number {
    return this.#pidOf('budgets');
  }

  /** @param document the tenant's configuration; left out, the deployment's default. */
  async createTenant(name: string, document?: object): Promise<Tenant> {
    const { createTenant } = await this.graphql.ask<{ createTenant: { id: string } }>(
      'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { id } }',
      { input: { name, ...(document && { document }) } },
    );
    const { createApiKey } = await this.graphql.ask<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { tenantId: createTenant.id, name: 'first key', role: 'MEMBER' } },
    );
    const { secret } = createApiKey;
    await until(
      async () => (await answersOk(`${this.url}/v1/models`, { authorization: `Bearer ${secret}` })) || undefined,
      { what: 'the gateway to hear of a new key', timeoutMs: 5_000 },
    );
    const { id } = createTenant;
    return {
      id,
      key: secret,
      ledger: new Ledger(this.graphql, id),
      setBudget: (wish) => setBudget(this.graphql, id, wish),
    };
  }

  /** Waits until every call has ended, abandoned streams are read to their end, and all of it stands in the ledger. */
  async settled(timeoutMs = 60_000): Promise<void> {
    let left: string[] = [];
    await until(
      async () => {
        const response = await fetch(`${this.url}/metrics`);
        left = unfinished(parseGauges(await response.text()));
        return left.length === 0 || undefined;
      },
      { what: () => `the ledger to be complete; left: ${left.join(', ')}`, timeoutMs },
    );
  }

  #pidOf(part: Part): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('parsimony up has no process');
    return findPartProcess(pid, part);
  }

  /** Stops everything in order and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { child, home } = this;
    if (!hasEnded(child)) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    await rm(home, { recursive: true, force: true });
  }
}

function loopback(port: number | undefined): string {
  return `http://127.0.0.1:${port}`;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

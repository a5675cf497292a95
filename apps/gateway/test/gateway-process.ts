import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBudgets, type BudgetsService } from '@parsimony/budgets-service';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { createLogger } from '@parsimony/telemetry';
import { ApiKeyService, DEFAULT_DOCUMENT, TENANCY_ENTITIES, TenantService } from '@parsimony/tenancy';
import { GATEWAY_FOLDER, SERVICE_TOKEN } from './real-gateway.js';

/** What gateways that run as processes of their own, from their built files, stand on: a database with a tenant, a provider. */
export class ProcessGround implements AsyncDisposable {
  private constructor(
    readonly database: TestDatabase,
    readonly simulator: Simulator,
    /** The gateways' data folder. */
    readonly home: string,
    readonly tenantId: string,
    readonly secret: string,
    private readonly budgets: BudgetsService | undefined,
  ) {}

  /** @param withBudgets whether a budgets service runs beside the gateways. */
  static async prepare(withBudgets = false): Promise<ProcessGround> {
    const database = await startTestDatabase({ entities: TENANCY_ENTITIES });
    const simulator = await startSimulator();
    const home = await mkdtemp(join(tmpdir(), 'parsimony-process-'));
    const noPlugins = {
      plugins: { get: () => undefined, all: () => [] },
      prices: { '~standard': { version: 1, vendor: 'spec', validate: (value: unknown) => ({ value }) } },
    } as const;
    const tenant = await new TenantService(database.dataSource, noPlugins).create({
      name: 'acme',
      document: DEFAULT_DOCUMENT,
      createdBy: 'spec',
    });
    const { secret } = await new ApiKeyService(database.dataSource).create({
      tenantId: tenant.id,
      name: 'key',
      role: 'OWNER',
    });
    const logger = createLogger('budgets', 'silent');
    const budgets = withBudgets
      ? await startBudgets({ databaseUrl: database.url, token: SERVICE_TOKEN, logger })
      : undefined;
    return new ProcessGround(database, simulator, home, tenant.id, secret, budgets);
  }

  /** Starts a gateway and waits until it listens. */
  async start(variables: NodeJS.ProcessEnv = {}): Promise<{ readonly child: ChildProcess; readonly url: string }> {
    const child = fork(join(GATEWAY_FOLDER, 'dist/main.js'), {
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        DATABASE_URL: this.database.url,
        OPENAI_BASE_URL: `${this.simulator.url}/v1`,
        OPENAI_API_KEY: 'sk-simulated',
        PARSIMONY_HOME: this.home,
        PARSIMONY_LOG_LEVEL: 'warn',
        ...(this.budgets && { PARSIMONY_BUDGETS_URL: this.budgets.url, PARSIMONY_SERVICE_TOKEN: SERVICE_TOKEN }),
        ...variables,
      },
      execArgv: [],
    });
    const { url } = await new Promise<{ url: string }>((resolve, reject) => {
      child.once('message', (ready) => resolve(ready as { url: string }));
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
    });
    return { child, url };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.budgets?.stop();
    await this.simulator.close();
    await this.database.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Sends a signal and waits for the end. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

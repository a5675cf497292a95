import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBudgets, type BudgetsService } from '@parsimony/budgets-service';
import type { JsonObject } from '@parsimony/contract';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { createLogger } from '@parsimony/telemetry';
import { ApiKeyService, TenantService, type CreateApiKey } from '@parsimony/tenancy';
import OpenAI from 'openai';
import type { GatewayOptions } from '../src/host/gateway-options.js';
import type { HttpOptions } from '../src/host/http/http-options.js';
import { startGateway, type Gateway } from '../src/host/start-gateway.js';
import { simulatedProviders } from './simulated-providers.js';

/** The deployment that these specs run: the request policy from its sources, as an npm package would be found. */
export const GATEWAY_FOLDER = fileURLToPath(new URL('..', import.meta.url));

export const TIERS = { economy: ['openai/gpt-4.1-mini'], standard: ['openai/gpt-4.1'] };

/** What gateways show to the budgets service of these specs. */
export const SERVICE_TOKEN = 'service-token-of-these-specs';

interface RealOptions extends Omit<Partial<GatewayOptions>, 'budgets'> {
  /** Whether a budgets service runs beside the gateway. */
  readonly budgets?: boolean;
}

/** A gateway in this process with a real database and a simulated provider, and one tenant with a key. */
export class RealGateway implements AsyncDisposable {
  private constructor(
    readonly database: TestDatabase,
    readonly simulator: Simulator,
    readonly gateway: Gateway,
    readonly tenantId: string,
    readonly secret: string,
    private readonly folder: string,
    private readonly options: GatewayOptions,
    private budgets: BudgetsService | undefined,
  ) {}

  static async start(
    { budgets: withBudgets = false, ...given }: RealOptions = {},
    document: JsonObject = {},
    http: Partial<HttpOptions> = {},
  ): Promise<RealGateway> {
    const database = await startTestDatabase();
    const simulator = await startSimulator();
    const budgets = withBudgets ? await startService(database.url) : undefined;
    const folder = await mkdtemp(join(tmpdir(), 'parsimony-gateway-'));
    const options: GatewayOptions = {
      databaseUrl: database.url,
      home: folder,
      journalDirectory: join(folder, 'journal'),
      plugins: ['@parsimony/request-policy'],
      pluginsFrom: GATEWAY_FOLDER,
      providers: simulatedProviders(simulator.url),
      logger: createLogger('gateway', 'silent'),
      ...(budgets && { budgets: { urls: [budgets.url], token: SERVICE_TOKEN } }),
      ...given,
    };
    const gateway = await startGateway(options, { host: '127.0.0.1', port: 0, ...http });
    const { dataSource, rules } = gateway.core;
    const tenant = await new TenantService(dataSource, rules).create({
      name: 'acme',
      document: { tiers: TIERS, ...document },
      createdBy: 'spec',
    });
    const { secret } = await new ApiKeyService(dataSource).create({
      tenantId: tenant.id,
      name: 'owner',
      role: 'OWNER',
    });
    const real = new RealGateway(database, simulator, gateway, tenant.id, secret, folder, options, budgets);
    await real.known(secret);
    return real;
  }

  /** One more gateway of the same deployment; whoever asks for it stops it. */
  startAnother(): Promise<Gateway> {
    return startGateway(this.options, { host: '127.0.0.1', port: 0 });
  }

  async stopBudgets(): Promise<void> {
    await this.budgets?.stop();
  }

  /** Starts the budgets service again where it was before. */
  async restartBudgets(): Promise<void> {
    const { port } = new URL(this.options.budgets?.urls[0] ?? '');
    this.budgets = await startService(this.database.url, Number(port));
  }

  get url(): string {
    return this.gateway.url;
  }

  client(secret = this.secret, options: { maxRetries?: number; timeout?: number } = {}): OpenAI {
    return new OpenAI({ baseURL: `${this.url}/v1`, apiKey: secret, maxRetries: 0, ...options });
  }

  async createKey(key: Omit<CreateApiKey, 'tenantId'>): Promise<{ secret: string; id: string }> {
    const { secret, apiKey } = await new ApiKeyService(this.gateway.core.dataSource).create({
      tenantId: this.tenantId,
      ...key,
    });
    await this.known(secret);
    return { secret, id: apiKey.id };
  }

  /** Waits until the gateway has heard of a new key. */
  async known(secret: string): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if (this.gateway.core.directory.findKey(secret)) return;
      await delay(20);
    }
    throw new Error('the gateway did not hear of the key within 4 s');
  }

  post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  }

  /** Waits until no call is under way and no answer is drained, and everything stands in the ledger. */
  async settled(): Promise<void> {
    const { runner, drains, flusher } = this.gateway.core;
    for (let tries = 0; tries < 500 && (runner.callsUnderWay > 0 || drains.size > 0); tries++) await delay(20);
    await delay(20);
    await flusher.flush();
  }

  /** Sums of the ledger, in pico-dollars. */
  async ledger(): Promise<{ rows: number; calls: number; cost: bigint }> {
    const [sums] = await this.database.dataSource.query<{ rows: string; calls: string; cost: string }[]>(
      `SELECT count(*) AS rows, count(*) FILTER (WHERE closes) AS calls, coalesce(sum(cost), 0) * 1e12 AS cost FROM usage`,
    );
    if (!sums) throw new Error('no sums');
    return { rows: Number(sums.rows), calls: Number(sums.calls), cost: BigInt(sums.cost.split('.')[0] ?? '') };
  }

  rows<Row = Record<string, unknown>>(where = 'true'): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(`SELECT * FROM usage WHERE ${where} ORDER BY at, call_id, rung`);
  }

  billed(): bigint {
    return BigInt(this.simulator.bill().total.chargedPicoDollars);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop(1_000);
    await this.budgets?.stop();
    await this.simulator.close();
    await this.database.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function startService(databaseUrl: string, port = 0): Promise<BudgetsService> {
  return startBudgets({ databaseUrl, token: SERVICE_TOKEN, logger: createLogger('budgets', 'silent'), port });
}

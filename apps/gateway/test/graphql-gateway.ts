import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestDatabase } from '@parsimony/persistence/testing';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { createLogger } from '@parsimony/telemetry';
import { ApiKeyService, OperatorKeyService, TeamService, TenantService } from '@parsimony/tenancy';
import type { Team, Tenant, TenantRole } from '@parsimony/tenancy';
import { createClient, type Client } from 'graphql-ws';
import type { GatewayCore } from '../src/host/gateway-core.js';
import { startGateway, type Gateway } from '../src/host/start-gateway.js';
import { simulatedProviders } from './simulated-providers.js';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly status?: number; readonly param?: string | null };
}

/** The tests say which fields they asked for. */
export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly GraphqlError[];
}

/** A gateway with a real database and a simulated provider, spoken to over HTTP and websockets. */
export class GraphqlGateway implements AsyncDisposable {
  private constructor(
    readonly gateway: Gateway,
    readonly simulator: Simulator,
    readonly operator: string,
    /** Gives back what stands around the gateway. */
    readonly release: () => Promise<void>,
  ) {}

  /** @param plugins in `fixtures`. */
  static async start({ plugins = ['./fragile-plugin'] } = {}): Promise<GraphqlGateway> {
    const database = await startTestDatabase();
    const simulator = await startSimulator();
    const folder = await mkdtemp(join(tmpdir(), 'parsimony-graphql-'));
    const gateway = await startGateway(
      {
        databaseUrl: database.url,
        home: folder,
        journalDirectory: join(folder, 'journal'),
        plugins,
        pluginsFrom: fileURLToPath(new URL('fixtures', import.meta.url)),
        providers: simulatedProviders(simulator.url),
        logger: createLogger('gateway', 'silent'),
      },
      { host: '127.0.0.1', port: 0 },
    );
    const { secret } = await new OperatorKeyService(gateway.core.dataSource).create('operator');
    await known(gateway.core, secret);
    return new GraphqlGateway(gateway, simulator, secret, async () => {
      await simulator.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  get core(): GatewayCore {
    return this.gateway.core;
  }

  /** A tenant whose calls go through the fragile plugin. */
  createTenant(name: string, document: Record<string, unknown> = {}): Promise<Tenant> {
    return new TenantService(this.core.dataSource, this.core.rules).create({
      name,
      document: {
        tiers: { economy: ['openai/gpt-4.1-mini'], standard: ['openai/gpt-4.1'] },
        plugins: [{ use: 'fragile' }],
        ...(document as Record<string, never>),
      },
      createdBy: 'spec',
    });
  }

  createTeam(tenantId: string, name: string): Promise<Team> {
    return new TeamService(this.core.dataSource).create(tenantId, name);
  }

  /** A key that the gateway knows already. */
  async createKey(
    tenantId: string,
    role: TenantRole,
    teamId: string | null = null,
  ): Promise<{ id: string; secret: string }> {
    const { secret, apiKey } = await new ApiKeyService(this.core.dataSource).create({
      tenantId,
      teamId,
      name: role,
      role,
    });
    await known(this.core, secret);
    return { id: apiKey.id, secret };
  }

  async ask<Data = Record<string, never>>(
    key: string | null,
    query: string,
    variables?: Record<string, unknown>,
    operationName?: string,
  ): Promise<GraphqlAnswer<Data>> {
    const answer = await this.post(key, JSON.stringify({ query, variables, operationName }));
    const { data, errors = [] } = (await answer.json()) as { data: Data; errors?: GraphqlError[] };
    return { status: answer.status, data, errors };
  }

  post(key: string | null, body: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
      body,
      ...(signal && { signal }),
    });
  }

  /** A websocket client that sends its key with `connection_init`. */
  subscriber(connectionParams: Record<string, unknown>): Client {
    const url = `${this.gateway.url.replace('http', 'ws')}/graphql`;
    return createClient({ url, connectionParams, retryAttempts: 0, webSocketImpl: WebSocket });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop(1_000);
    await this.release();
  }
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`this did not happen within 5 s: ${what}`);
    await delay(10);
  }
}

function known(core: GatewayCore, secret: string): Promise<void> {
  return until(() => core.directory.findKey(secret) !== undefined, 'the gateway knows a key');
}

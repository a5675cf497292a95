import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { admit } from '../edge/admission.js';
import { registerV1Edge } from '../edge/v1-edge.js';
import { openCore, type GatewayCore } from './gateway-core.js';
import { GatewayModule } from './gateway.module.js';
import type { GatewayOptions } from './gateway-options.js';

const BODY_LIMIT = 20 << 20;
/** How long calls under way may take to finish when the gateway stops. */
const DRAIN_MS = 30_000;

export interface Gateway {
  readonly url: string;
  readonly core: GatewayCore;
  /** Stops in order: no new calls, those under way finish, the journal goes to the ledger. */
  stop(drainMs?: number): Promise<void>;
}

export async function startGateway(options: GatewayOptions, host: string, port: number): Promise<Gateway> {
  const core = await openCore(options);
  try {
    const app = await createApplication(core, options.bodyLimit ?? BODY_LIMIT);
    await app.listen({ port, host, backlog: 4096 });
    const address = app.getHttpServer().address() as AddressInfo;
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return {
      url: `http://${shown}:${address.port}`,
      core,
      stop: async (drainMs = DRAIN_MS) => {
        const closed = app.close();
        await core.runner.drain(drainMs);
        app.getHttpServer().closeAllConnections();
        await closed;
        await core[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await core[Symbol.asyncDispose]();
    throw error;
  }
}

async function createApplication(core: GatewayCore, bodyLimit: number): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    logger: false,
  });
  registerV1Edge(adapter.getInstance(), {
    runner: core.runner,
    admit: (headers) => admit(core, headers),
    offeredModels: () => offeredModels(core),
    bodyLimit,
    onFault: (error) => core.logger.error({ error }, 'a request met a defect'),
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.around(core), adapter, {
    logger: ['error', 'warn'],
  });
  return app.init();
}

function offeredModels(core: GatewayCore) {
  return core.prices.catalogue
    .models(Date.now())
    .filter(({ provider, price, deprecated }) => price !== null && !deprecated && core.providers.has(provider))
    .map(({ provider, id }) => ({ provider, model: id }));
}

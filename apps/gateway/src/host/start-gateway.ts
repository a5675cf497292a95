import 'reflect-metadata';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openCore, type GatewayCore } from './gateway-core.js';
import type { GatewayOptions } from './gateway-options.js';
import { createApplication } from './http/create-application.js';
import type { HttpOptions } from './http/http-options.js';
import { OpenConnections } from './http/open-connections.js';
import { followTls } from './http/tls-files.js';

/** How long calls under way may take to finish when the gateway stops. */
const DRAIN_MS = 30_000;
/** How long idle connections are kept for one more request when the gateway stops. */
const IDLE_GRACE_MS = 3_000;

export interface Gateway {
  readonly url: string;
  readonly core: GatewayCore;
  /**
   * Stops in order: readiness is denied, after `delayMs` no connection is taken any more, calls under way finish, the
   * journal goes to the ledger. No call is refused meanwhile, so that whoever balances loses none.
   */
  stop(drainMs?: number, delayMs?: number): Promise<void>;
}

export async function startGateway(options: GatewayOptions, http: HttpOptions): Promise<Gateway> {
  const core = await openCore(options);
  try {
    const app = await createApplication(core, http);
    const server: Server = app.getHttpServer();
    const connections = new OpenConnections(server);
    const renewal =
      http.tls &&
      followTls(server as TlsServer, http.tls, (error) =>
        core.logger.error({ error }, 'the renewed certificate cannot be taken up'),
      );
    await app.listen({ port: http.port, host: http.host, backlog: 4096 });
    const address = server.address() as AddressInfo;
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return {
      url: `${http.tls ? 'https' : 'http'}://${shown}:${address.port}`,
      core,
      stop: async (drainMs = DRAIN_MS, delayMs = 0) => {
        core.readiness.stopping = true;
        await delay(delayMs);
        connections.endWithNextAnswer();
        connections.stopListening();
        await connections.dwindle(Math.min(IDLE_GRACE_MS, drainMs / 10));
        await core.runner.drain(drainMs);
        const closed = app.close();
        server.closeAllConnections();
        await closed;
        renewal?.[Symbol.dispose]();
        await core[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await core[Symbol.asyncDispose]();
    throw error;
  }
}

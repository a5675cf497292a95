import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { Disposable } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { faultFields } from '../errors/fault-fields.js';
import { GraphqlAdmission } from '../graphql-admission.js';
import { GRAPHQL_BODY_LIMIT, GRAPHQL_PATH } from '../graphql-options.js';
import { SubscriptionHandler } from './subscription-handler.js';

/** How long the last parts of answers may take to reach their subscribers when the gateway stops. */
const LAST_PARTS_MS = 1_000;

/** Serves subscriptions over websockets (graphql-transport-ws) on the path of the queries. */
@Injectable()
export class SubscriptionServer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: GRAPHQL_BODY_LIMIT });
  #handler: SubscriptionHandler | undefined;
  #serving: Disposable | undefined;

  constructor(
    @Inject(GATEWAY_CORE) private readonly core: GatewayCore,
    private readonly admission: GraphqlAdmission,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly http: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    this.#handler = new SubscriptionHandler(this.schemaHost.schema, this.admission, (error) =>
      this.core.logger.error(faultFields(error), 'a subscription met a defect'),
    );
    this.#serving = useServer(this.#handler.options(), this.#sockets);
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!this.#serving || request.url?.split('?', 1)[0] !== GRAPHQL_PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#sockets.emit('connection', client, request));
    });
  }

  /** Not awaited: the HTTP server must stop listening meanwhile, and waits for the sockets then. */
  onModuleDestroy(): void {
    void this.#closeWhenAnswered();
  }

  async #closeWhenAnswered(): Promise<void> {
    const serving = this.#serving;
    this.#serving = undefined;
    let patience = LAST_PARTS_MS;
    while (this.#handler?.active && patience > 0) {
      await delay(20);
      if (this.core.runner.callsUnderWay === 0) patience -= 20;
    }
    await serving?.dispose();
  }
}

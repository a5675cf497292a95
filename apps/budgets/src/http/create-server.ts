import { RouteNotFound } from '@parsimony/contract';
import type { Logger } from '@parsimony/telemetry';
import { fastify, type FastifyInstance } from 'fastify';
import { addExchangeRoute, type ExchangeRouteOptions } from './exchange-route.js';
import { toParsimonyError } from './fastify-errors.js';
import { addOperationsRoutes, type OperationsRouteOptions } from './operations-routes.js';

export interface ServerOptions extends ExchangeRouteOptions, OperationsRouteOptions {
  readonly logger: Logger;
}

/** The service's HTTP interface, not yet listening. Errors have OpenAI's shape. */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = fastify();
  // Fastify reads plain text as well, of itself.
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler(async (thrown, _request, reply) => {
    const error = toParsimonyError(thrown);
    if (error.status >= 500) options.logger.error({ error }, 'a request failed');
    return reply.code(error.status).headers(error.headers).send(error.toBody());
  });
  server.setNotFoundHandler(async ({ method, url }) => {
    throw new RouteNotFound(`there is no ${method} ${url.split('?')[0]}`);
  });
  addExchangeRoute(server, options);
  addOperationsRoutes(server, options);
  return server;
}

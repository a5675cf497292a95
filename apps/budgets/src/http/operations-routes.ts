import type { Registry } from '@parsimony/telemetry';
import type { FastifyInstance } from 'fastify';

export interface OperationsRouteOptions {
  readonly metrics: Registry;
  readonly leads: () => boolean;
  /** Rejects where the database cannot be reached: without it nothing can be lent. */
  readonly askDatabase: () => Promise<unknown>;
}

/** What orchestrators and Prometheus ask. */
export function addOperationsRoutes(fastify: FastifyInstance, options: OperationsRouteOptions): void {
  const { metrics, leads, askDatabase } = options;
  fastify.get('/healthz', () => ({ status: 'ok' }));
  fastify.get('/readyz', async (_request, reply) => {
    const reachable = await askDatabase().then(
      () => true,
      () => false,
    );
    return reply.code(reachable ? 200 : 503).send({
      status: reachable ? 'ready' : 'not ready',
      process: process.pid,
      database: reachable ? 'reachable' : 'away',
      leads: leads(),
    });
  });
  fastify.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}

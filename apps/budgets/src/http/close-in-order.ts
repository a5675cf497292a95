import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

const LOOK_EVERY_MS = 10;

/**
 * Lets a server end as soon as the requests under way are answered. Of itself it waits for clients that keep their
 * connections, as gateways do, for more than a minute.
 *
 * @param patienceMs how long requests under way may take.
 * @returns what closes the server.
 */
export function closeInOrder(server: FastifyInstance, patienceMs: number): () => Promise<void> {
  let underWay = 0;
  server.addHook('onRequest', (_request, { raw }, done) => {
    underWay++;
    // Comes once, also where the client has left.
    raw.once('close', () => underWay--);
    done();
  });
  return async () => {
    const closed = server.close();
    const until = performance.now() + patienceMs;
    while (underWay > 0 && performance.now() < until) await sleep(LOOK_EVERY_MS);
    server.server.closeAllConnections();
    await closed;
  };
}

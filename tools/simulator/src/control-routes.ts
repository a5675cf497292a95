import type { FastifyInstance } from 'fastify';
import { readMeanings } from './answers/meanings.js';
import { integerBetween } from './field.js';
import type { Provider } from './provider.js';
import { MOST_REQUESTS } from './request-log.js';
import { settingsJson } from './settings-patch.js';

const DEFAULT_LAST = 20;
const readLast = integerBetween(1, MOST_REQUESTS);

/** Adds what a provider does not have: configuration, meanings, bill, received requests, health. No key is asked for. */
export function registerControl(app: FastifyInstance, provider: Provider): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/simulator/config', (_request, reply) =>
    reply.type('application/json').send(settingsJson(provider.settings)),
  );
  app.post('/simulator/config', (request, reply) =>
    reply.type('application/json').send(settingsJson(provider.configure(request.body))),
  );
  app.get('/simulator/bill', () => provider.bill.report());
  // Answers with what it clears, so that no call falls between reading and clearing.
  app.delete('/simulator/bill', () => {
    const report = provider.bill.report();
    provider.bill.clear();
    return report;
  });
  app.get('/simulator/meanings', () => provider.meanings.report());
  app.post('/simulator/meanings', (request) => {
    provider.meanings.add(readMeanings(request.body));
    return provider.meanings.report();
  });
  app.delete('/simulator/meanings', () => {
    provider.meanings.clear();
    return provider.meanings.report();
  });
  app.get<{ Querystring: { last?: string } }>('/simulator/requests', (request, reply) => {
    const { last } = request.query;
    const count = last === undefined ? DEFAULT_LAST : readLast(Number(last), 'last');
    return reply.type('application/json').send(provider.requests.toJson(count));
  });
}

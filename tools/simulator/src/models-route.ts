import type { FastifyInstance } from 'fastify';
import type { Model } from './price-list.js';
import type { Provider } from './provider.js';

/** 2025-01-01, of every model: nobody counts on it. */
const CREATED = 1_735_689_600;

/** Adds `GET /models` and `GET /models/:model`. */
export function registerModels(app: FastifyInstance, provider: Provider): void {
  app.get('/models', () => ({ object: 'list', data: [...provider.catalogue.all()].map(modelObject) }));
  app.get<{ Params: { '*': string } }>('/models/*', (request) =>
    modelObject(provider.catalogue.find(request.params['*'])),
  );
}

function modelObject(model: Model): object {
  return { id: model.name, object: 'model', created: CREATED, owned_by: 'simulator' };
}

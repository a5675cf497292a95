import type { IncomingHttpHeaders } from 'node:http';
import { InternalError, RouteNotFound, UnsupportedMediaType } from '@parsimony/contract';
import { newId } from '@parsimony/tenancy';
import type { FastifyInstance } from 'fastify';
import { answerError } from './answers/error-answer.js';
import { registerResultRoutes } from './cache/result-routes.js';
import { callRoute } from './call-route.js';
import { admittedOf, type EdgeOptions } from './edge-options.js';
import { toParsimonyError } from './fastify-errors.js';
import { listModels } from './model-list.js';
import { FORM_ROUTES, JSON_ROUTES } from './routes.js';

/**
 * The OpenAI- and Anthropic-compatible routes. They stand beside Nest's own, in a Fastify context of their own: a Nest
 * guard, interceptor or pipe would cost a seventh of a call, and the body is needed as bytes.
 */
export function registerV1Edge(fastify: FastifyInstance, options: EdgeOptions): void {
  const { bodyLimit } = options;
  void fastify.register(
    (scope, _options, registered) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
        done(null, body),
      );
      scope.decorateRequest('admitted', null);
      // Before the body is read: who may not call must not make the gateway hold megabytes.
      scope.addHook('onRequest', (request, _reply, done) => {
        request.admitted = options.admit(request);
        refuseEncoded(request.headers);
        done();
      });
      scope.setErrorHandler((error, request, reply) => {
        const known = toParsimonyError(error);
        if (known instanceof InternalError) options.onFault(error);
        reply.hijack();
        answerError(
          reply.raw,
          known,
          request.url.startsWith('/v1/messages') ? 'messages' : 'chat.completions',
          newId(),
        );
      });
      scope.setNotFoundHandler((request) => {
        throw new RouteNotFound(`there is no ${request.method} ${request.url.split('?', 1)[0]}`);
      });
      for (const route of JSON_ROUTES) scope.post(route.path, callRoute(options, route.read));
      void scope.register((forms, _formOptions, formsRegistered) => {
        forms.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
          done(null, body),
        );
        for (const route of FORM_ROUTES) forms.post(route.path, callRoute(options, route.read));
        formsRegistered();
      });
      registerResultRoutes(scope, options);
      scope.get('/models', (request) => {
        const { caller, scope: limits } = admittedOf(request);
        const models = options.offeredModels(caller.tenantId);
        return listModels(
          limits ? models.filter((each) => limits.allowsModel(`${each.provider}/${each.model}`)) : models,
        );
      });
      registered();
    },
    { prefix: '/v1' },
  );
}

/** What is small when compressed may be gigabytes when it is not; no official client compresses what it sends. */
function refuseEncoded(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new UnsupportedMediaType(`the gateway does not read bodies encoded as ${encoding}; send them as they are`);
}

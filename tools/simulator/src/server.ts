import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { registerChat } from './chat/chat-route.js';
import { registerControl } from './control-routes.js';
import { registerEmbeddings } from './embeddings/embeddings-route.js';
import { bearerKey } from './exchange.js';
import { InvalidField } from './field.js';
import { registerModels } from './models-route.js';
import { malformedJson, OpenAiError } from './openai-error.js';
import type { Provider } from './provider.js';
import type { RequestLogEntry } from './request-log.js';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** The HTTP server of a provider, not listening yet. */
export function createServer(provider: Provider): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, keepAliveTimeout: 60_000 });
  app.decorateRequest('logEntry', null);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    try {
      done(null, parseBody(provider, request, bytes));
    } catch (error) {
      done(error as OpenAiError);
    }
  });
  app.setNotFoundHandler((request) => {
    throw new OpenAiError(404, `Unknown request URL: ${request.method} ${request.url}.`, { code: 'unknown_url' });
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const answer = asOpenAiError(error);
    return reply.code(answer.status).headers(answer.headers).send(answer.toBody());
  });
  registerControl(app, provider);
  void app.register(
    (v1, _options, done) => {
      v1.addHook('onRequest', (request, _reply, next) => {
        bearerKey(request);
        next();
      });
      registerChat(v1, provider);
      registerEmbeddings(v1, provider);
      registerModels(v1, provider);
      done();
    },
    { prefix: '/v1' },
  );
  return app;
}

function parseBody(provider: Provider, request: FastifyRequest, bytes: Buffer): unknown {
  const entry: RequestLogEntry = {
    receivedAt: Date.now(),
    method: request.method,
    url: request.url,
    headers: request.headers,
    bytes,
    isJson: false,
    charge: null,
  };
  request.logEntry = entry;
  if (request.url.startsWith('/v1/')) provider.requests.record(entry);
  try {
    const body: unknown = JSON.parse(bytes.toString());
    entry.isJson = true;
    return body;
  } catch {
    throw malformedJson();
  }
}

function asOpenAiError(error: FastifyError | OpenAiError | InvalidField): OpenAiError {
  if (error instanceof OpenAiError) return error;
  if (error instanceof InvalidField) {
    const code = error.missing ? 'missing_required_parameter' : 'invalid_value';
    return new OpenAiError(400, error.message, { code, param: error.path || null });
  }
  const status = error.statusCode ?? 500;
  return new OpenAiError(status, error.message, { type: status < 500 ? 'invalid_request_error' : 'server_error' });
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MalformedBody } from './malformed-body.js';
import { parseMultipart } from './multipart.js';
import type { Provider } from './provider.js';
import type { RequestLogEntry } from './request-log.js';

/** Reads JSON and forms, and writes every body down in the log of requests before anything can be wrong with it. */
export function addBodyParsers(app: FastifyInstance, provider: Provider): void {
  app.decorateRequest('logEntry', null);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    const entry = recordRequest(provider, request, bytes);
    try {
      const body: unknown = JSON.parse(bytes.toString());
      entry.isJson = true;
      done(null, body);
    } catch {
      done(new MalformedBody('JSON'));
    }
  });
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      recordRequest(provider, request, bytes);
      return parseMultipart(request.headers['content-type'] ?? '', bytes);
    },
  );
}

function recordRequest(provider: Provider, request: FastifyRequest, bytes: Buffer): RequestLogEntry {
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
  if (!request.url.startsWith('/simulator/')) provider.requests.record(entry);
  return entry;
}

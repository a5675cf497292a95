import type { FastifyReply } from 'fastify';
import type { Exchange } from '../exchange.js';
import { rateLimited, serverError } from '../openai-error.js';

/** What stands where JSON should: a proxy's error page, as providers' front doors really send it. */
export const GARBAGE = '<html><head><title>502 Bad Gateway</title></head></html>';

/**
 * Carries out the faults that come in place of any answer.
 *
 * @returns whether it did, and nothing more is to be sent.
 * @throws OpenAiError for `rate_limit` and `server_error`.
 */
export function failsInstead({ fault, settings }: Exchange, model: string, reply: FastifyReply): boolean {
  switch (fault) {
    case 'rate_limit':
      throw rateLimited(model, settings.retryAfterSeconds);
    case 'server_error':
      throw serverError();
    case 'timeout':
      reply.hijack();
      return true;
    case 'reset':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return true;
    default:
      return false;
  }
}

/** Sends a whole JSON answer, or half of it where the fault is `cut`. */
export function sendJson({ fault }: Exchange, json: string, requestId: string, reply: FastifyReply): FastifyReply {
  if (fault !== 'cut') return reply.header('x-request-id', requestId).type('application/json').send(json);
  const bytes = Buffer.from(json);
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  reply.raw.write(bytes.subarray(0, bytes.length / 2));
  reply.raw.socket?.destroySoon();
  return reply;
}

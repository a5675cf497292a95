import type { FastifyReply } from 'fastify';
import type { Exchange } from '../exchange.js';
import { Random } from '../generation/random.js';
import { isFailing } from './failing-share.js';

/** What stands where JSON should: a proxy's error page, as providers' front doors really send it. */
export const GARBAGE = '<html><head><title>502 Bad Gateway</title></head></html>';

/**
 * Carries out the faults that come in place of any answer.
 *
 * @returns whether it did, and nothing more is to be sent.
 * @throws the protocol's errors for `rate_limit`, `server_error`, and for models and keys that fail.
 */
export function failsInstead(exchange: Exchange, model: string, reply: FastifyReply): boolean {
  const { fault, protocol, settings } = exchange;
  if (isFailing(exchange, model)) throw serverErrorOf(exchange);
  switch (fault) {
    case 'rate_limit':
      throw protocol.rateLimited(model, settings.retryAfterSeconds);
    case 'server_error':
      throw serverErrorOf(exchange);
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

function serverErrorOf({ protocol, settings, key, requestNumber }: Exchange): Error {
  return protocol.serverError(new Random('server_error', settings.seed, key, requestNumber));
}

/** Sends a whole JSON answer, or half of it where the fault is `cut`. */
export function sendJson(exchange: Exchange, json: string, requestId: string, reply: FastifyReply): FastifyReply {
  return sendBody(exchange, json, 'application/json', requestId, reply);
}

/** Sends a whole body of any type, or half of it where the fault is `cut`. */
export function sendBody(
  { fault, protocol }: Exchange,
  body: string | Buffer,
  contentType: string,
  requestId: string,
  reply: FastifyReply,
): FastifyReply {
  if (fault !== 'cut') return reply.header(protocol.requestIdHeader, requestId).type(contentType).send(body);
  const bytes = Buffer.from(body);
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length });
  reply.raw.write(bytes.subarray(0, bytes.length / 2));
  reply.raw.socket?.destroySoon();
  return reply;
}

import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
} as const;
const ONE_YEAR = 'max-age=31536000';

/**
 * Header lines by which browsers keep answers to themselves (OWASP HTTP Headers Cheat Sheet). Set where an answer does
 * not name the header itself; the answers of calls bear their own and do not pass here.
 */
export function addSecurityHeaders(fastify: FastifyInstance, overTls: boolean): void {
  const headers = Object.entries({ ...HEADERS, ...(overTls && { 'strict-transport-security': ONE_YEAR }) });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value);
    done();
  });
}

import type { FastifyRequest } from 'fastify';

/** The key of `Authorization: Bearer KEY`; null where there is none. */
export function bearerKey(request: FastifyRequest): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** The key in a header of its own; null where it is absent or empty. */
export function headerKey(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

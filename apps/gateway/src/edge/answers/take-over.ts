import type { FastifyReply } from 'fastify';

/**
 * From here on the answer is written straight to Node's response.
 *
 * @param options whether other origins' pages may call: their header lines must then be carried over.
 */
export function takeOver({ crossOrigin }: { readonly crossOrigin: boolean }, reply: FastifyReply): void {
  reply.hijack();
  if (!crossOrigin) return;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
}

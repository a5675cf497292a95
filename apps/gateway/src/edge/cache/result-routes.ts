import { formatUsd } from '@parsimony/contract';
import type { JsonObject, PicoDollars } from '@parsimony/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerError } from '../answers/error-answer.js';
import { FIXED_HEADERS } from '../answers/response-headers.js';
import { takeOver } from '../answers/take-over.js';
import { parseJson } from '../bodies/json-body.js';
import { admittedOf, type EdgeOptions } from '../edge-options.js';
import { optionsFromHeaders } from '../request-options.js';
import { NamedResult } from './named-results.js';
import { parseKeep, parseLookUp } from './result-bodies.js';
import { checkNamespace } from './result-fields.js';

interface Named {
  readonly Params: { readonly namespace: string };
}

interface CacheAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly cost: PicoDollars;
  readonly saved: PicoDollars;
  readonly outcome: string;
}

/** Intermediate results of applications, by namespace: `/v1/cache/{namespace}`. */
export function registerResultRoutes(fastify: FastifyInstance, options: EdgeOptions): void {
  fastify.post<Named>('/cache/:namespace/lookup', (request, reply) => {
    const question = parseLookUp(request.params.namespace, parseJson(request.body as Buffer));
    return ask(options, request, reply, async (result) => {
      const { outcome, value, similarity, ticket, saved, cost } = await result.lookUp(question);
      const hit = outcome !== 'miss';
      const body = { hit, outcome, value, similarity, ticket, saved_usd: formatUsd(saved) };
      return { status: 200, body, outcome, saved, cost };
    });
  });
  fastify.put<Named>('/cache/:namespace', (request, reply) => {
    const kept = parseKeep(request.params.namespace, parseJson(request.body as Buffer));
    return ask(options, request, reply, async (result) => {
      const { id, cost } = await result.keep(kept);
      return { status: 201, body: { id }, outcome: 'miss', saved: 0n, cost };
    });
  });
  fastify.delete<Named>('/cache/:namespace', async (request) => {
    const namespace = checkNamespace(request.params.namespace);
    const { purged } = await options.purge(request, { namespace });
    return { purged };
  });
}

/** From here on the answer is written straight to Node's response, as that of a call is. */
async function ask(
  options: EdgeOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (result: NamedResult) => Promise<CacheAnswer>,
): Promise<void> {
  const result = NamedResult.begin(options.runner, {
    ...admittedOf(request),
    options: optionsFromHeaders(request.headers),
  });
  takeOver(options, reply);
  const response = reply.raw;
  response.once('close', () => {
    if (!response.writableFinished) result.cancel();
  });
  try {
    const { status, body, outcome, saved, cost } = await answer(result);
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, [
      ...['content-type', 'application/json', 'content-length', String(bytes.byteLength), ...FIXED_HEADERS],
      ...['x-request-id', result.id, 'x-parsimony-request-id', result.id, 'x-parsimony-cache', outcome],
      ...['x-parsimony-cost-usd', formatUsd(cost), 'x-parsimony-saved-usd', formatUsd(saved)],
    ]);
    response.end(bytes);
  } catch (error) {
    answerError(response, await result.fail(error), 'chat.completions', result.id);
  }
}

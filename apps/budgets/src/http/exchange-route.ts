import { EXCHANGE_PATH, exchangeRequest, type ExchangeAnswer, type ExchangeRequest } from '@parsimony/leases';
import type { FastifyInstance } from 'fastify';
import type { ServiceToken } from './service-token.js';

/** Ten thousand leases with amounts of thirty digits are some five mebibytes. */
const BODY_LIMIT = 8 << 20;

export interface ExchangeRouteOptions {
  readonly token: ServiceToken;
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeAnswer>;
  readonly answered: (outcome: 'answered' | 'refused' | 'failed', seconds: number) => void;
}

/** Where gateways exchange their leases. */
export function addExchangeRoute(fastify: FastifyInstance, { token, exchange, answered }: ExchangeRouteOptions): void {
  fastify.post(EXCHANGE_PATH, {
    bodyLimit: BODY_LIMIT,
    // Before the body is read: who has no token makes no work.
    onRequest: async ({ headers }) => token.check(headers.authorization),
    onResponse: async (_request, { statusCode, elapsedTime }) => {
      const outcome = statusCode < 400 ? 'answered' : statusCode < 500 ? 'refused' : 'failed';
      answered(outcome, elapsedTime / 1000);
    },
    handler: async (request, reply) => {
      const answer = await exchange(exchangeRequest.parse(request.body));
      return reply.type('application/json').send(JSON.stringify(answer, amountsAsText));
    },
  });
}

/** JSON has no integers of that size. */
function amountsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

import type { FastifyInstance } from 'fastify';
import { sendAnswer } from '../answering.js';
import { NO_TOKENS } from '../bill.js';
import { openExchange } from '../exchange.js';
import { failsInstead } from '../faults/failing.js';
import { Random } from '../generation/random.js';
import { findModelOfKind } from '../openai/openai-models.js';
import { OPENAI_PROTOCOL } from '../openai/openai-protocol.js';
import type { Provider } from '../provider.js';
import { NO_EVENTS } from '../streaming/stream-event.js';
import { moderationResult } from './moderation-result.js';
import { readModerationsRequest } from './moderations-request.js';

/** Adds `POST /moderations`, which costs nothing. */
export function registerModerations(app: FastifyInstance, provider: Provider): void {
  app.post('/moderations', async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, OPENAI_PROTOCOL);
    const { key, settings, requestNumber, logEntry } = exchange;
    const request = readModerationsRequest(exchange.body);
    const model = findModelOfKind(provider.catalogue, request.model, 'moderation', 'Moderations API');
    if (failsInstead(exchange, model.name, reply)) return reply;
    const id = new Random('id', settings.seed, key, requestNumber).identifier(24);
    const results = request.inputs.map(({ text, hasImage }) => moderationResult(text, hasImage));
    const answer = {
      requestId: `req_${id}`,
      stream: false,
      whole: () => ({ output: 0, reasoning: 0 }),
      charge: () => provider.charge(key, model, NO_TOKENS, logEntry),
      body: () => JSON.stringify({ id: `modr-${id}`, model: model.name, results }),
      events: () => NO_EVENTS,
    };
    return sendAnswer(exchange, answer, reply);
  });
}

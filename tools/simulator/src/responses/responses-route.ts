import type { FastifyInstance } from 'fastify';
import { answerWish } from '../answers/answer.js';
import { cachedShareOf } from '../answers/cached-share.js';
import { countPromptTokens } from '../answers/prompt.js';
import { sendAnswer, type PreparedAnswer } from '../answering.js';
import { openExchange, type Exchange } from '../exchange.js';
import { failsInstead } from '../faults/failing.js';
import { nullable, readString } from '../field.js';
import { Random } from '../generation/random.js';
import { keyLabel } from '../key-label.js';
import type { Model } from '../models/model.js';
import { previousResponseNotFound, responseNotFound } from '../openai/openai-error.js';
import type { OpenAiDialect } from '../openai/openai-dialect.js';
import { findResponsesModel } from '../openai/openai-models.js';
import type { Provider } from '../provider.js';
import { wholeAnswer, type Generated } from '../streaming/generated.js';
import { endOf, type ResponseAnswer } from './response-answer.js';
import { ResponseEvents } from './response-events.js';
import { asPrompt, outputOf } from './response-output.js';
import type { StoredResponse } from './response-store.js';
import { readResponsesRequest, type ResponsesRequest } from './responses-request.js';

const readId = nullable(readString);

/** Adds `POST /responses`, and `GET` and `DELETE /responses/:id` for those that were stored. */
export function registerResponses(
  app: FastifyInstance,
  path: string,
  provider: Provider,
  dialect: OpenAiDialect,
): void {
  app.post(`${path}/responses`, async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, dialect.protocol);
    const name = dialect.modelName(exchange, incoming);
    const request = readResponsesRequest(exchange.body, previousOf(provider, exchange));
    const model = findResponsesModel(provider.catalogue, name);
    if (failsInstead(exchange, model.name, reply)) return reply;
    return sendAnswer(exchange, prepare(provider, exchange, request, model), reply);
  });
  app.get<{ Params: { id: string } }>(`${path}/responses/:id`, (incoming, reply) => {
    const { id } = incoming.params;
    const stored = provider.responses.find(id, keyLabel(dialect.protocol.keyOf(incoming)));
    if (!stored) throw responseNotFound(id);
    return reply.type('application/json').send(stored.json);
  });
  app.delete<{ Params: { id: string } }>(`${path}/responses/:id`, (incoming) => {
    const { id } = incoming.params;
    if (!provider.responses.delete(id, keyLabel(dialect.protocol.keyOf(incoming)))) throw responseNotFound(id);
    return { id, object: 'response', deleted: true };
  });
}

/** @throws OpenAiError 400 where there is no such response. */
function previousOf(provider: Provider, { body, key }: Exchange): StoredResponse | null {
  const id = readId(body['previous_response_id'], 'previous_response_id');
  if (id === null) return null;
  const stored = provider.responses.find(id, key);
  if (!stored) throw previousResponseNotFound(id);
  return stored;
}

function prepare(provider: Provider, exchange: Exchange, request: ResponsesRequest, model: Model): PreparedAnswer {
  const { key, settings, requestNumber, logEntry } = exchange;
  const promptTokens = countPromptTokens(request);
  const [choice] = answerWish(request, model, key, settings, provider);
  if (!choice) throw new Error('one choice was wished for');
  const ids = new Random('id', settings.seed, key, requestNumber);
  const answer: ResponseAnswer = {
    id: `resp_${ids.identifier(40)}`,
    createdAt: Math.floor(Date.now() / 1000),
    model: model.name,
    echo: request.echo,
    promptTokens,
    cachedTokens: cachedShareOf(promptTokens, settings.cachedTokens),
    choice,
    output: outputOf(choice, ids),
  };
  const whole = wholeAnswer([choice]);
  return {
    requestId: `req_${ids.identifier(24)}`,
    stream: request.stream,
    whole: () => whole,
    charge: (generated) => {
      const { output, reasoning } = generated;
      const { cachedTokens: cachedInput } = answer;
      provider.charge(key, model, { input: promptTokens - cachedInput, cachedInput, output, reasoning }, logEntry);
      if (request.store && isSame(generated, whole)) store(provider, key, request, answer);
    },
    body: () => JSON.stringify(endOf(answer)),
    events: () => new ResponseEvents(answer),
  };
}

/** What a cut stream or a departed client leaves unfinished is not stored. */
function isSame(first: Generated, second: Generated): boolean {
  return first.output === second.output && first.reasoning === second.reasoning;
}

function store(provider: Provider, key: string, request: ResponsesRequest, answer: ResponseAnswer): void {
  const { output } = answer;
  provider.responses.keep(answer.id, {
    key,
    messages: [...request.conversation, ...output.flatMap(asPrompt)],
    callIds: [...request.callIds, ...output.flatMap((item) => (item.type === 'function_call' ? [item.callId] : []))],
    json: JSON.stringify(endOf(answer)),
  });
}

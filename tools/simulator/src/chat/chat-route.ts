import type { FastifyInstance } from 'fastify';
import { answerWish } from '../answers/answer.js';
import { cachedShareOf } from '../answers/cached-share.js';
import { countPromptTokens } from '../answers/prompt.js';
import { sendAnswer, type PreparedAnswer } from '../answering.js';
import { openExchange, type Exchange } from '../exchange.js';
import { failsInstead } from '../faults/failing.js';
import type { Model } from '../models/model.js';
import type { OpenAiDialect } from '../openai/openai-dialect.js';
import { findChatModel } from '../openai/openai-models.js';
import type { Provider } from '../provider.js';
import { wholeAnswer } from '../streaming/generated.js';
import { completionHead, completionJson } from './chat-completion.js';
import { ChatEvents } from './chat-events.js';
import { readChatRequest, type ChatRequest } from './chat-request.js';
import { billedTokens } from './chat-usage.js';

/** Adds `POST /chat/completions` under a path. */
export function registerChat(app: FastifyInstance, path: string, provider: Provider, dialect: OpenAiDialect): void {
  app.post(`${path}/chat/completions`, async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, dialect.protocol);
    const name = dialect.modelName(exchange, incoming);
    const request = readChatRequest(exchange.body);
    const model = findChatModel(provider.catalogue, name);
    if (failsInstead(exchange, model.name, reply)) return reply;
    return sendAnswer(exchange, prepare(provider, exchange, request, model, dialect), reply);
  });
}

function prepare(
  provider: Provider,
  { key, settings, requestNumber, logEntry }: Exchange,
  request: ChatRequest,
  model: Model,
  dialect: OpenAiDialect,
): PreparedAnswer {
  const { usageStyle } = settings;
  const promptTokens = countPromptTokens(request);
  const cachedTokens = cachedShareOf(promptTokens, settings.cachedTokens);
  const choices = answerWish(request, model, key, settings, provider);
  const answer = { promptTokens, cachedTokens, choices };
  const head = completionHead(model.name, settings.seed, key, requestNumber);
  return {
    requestId: head.id.replace('chatcmpl-', 'req_'),
    stream: request.stream,
    whole: () => wholeAnswer(choices),
    charge: (generated) => provider.charge(key, model, billedTokens(answer, generated), logEntry),
    body: () => {
      const json = completionJson(head, request, answer, usageStyle);
      return dialect.decorateJson?.(json) ?? json;
    },
    events: () => {
      const events = new ChatEvents(head, request, answer, usageStyle);
      return dialect.decorateEvents?.(events) ?? events;
    },
  };
}

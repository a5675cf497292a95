import type { FastifyInstance } from 'fastify';
import { answerWish } from '../answers/answer.js';
import { promptIdentity } from '../answers/prompt.js';
import { sendAnswer, type PreparedAnswer } from '../answering.js';
import { openExchange, type Exchange } from '../exchange.js';
import { failsInstead, GARBAGE, sendJson } from '../faults/failing.js';
import { Random } from '../generation/random.js';
import type { Model } from '../models/model.js';
import { firstByteDelay, wait } from '../pace.js';
import type { Provider } from '../provider.js';
import { wholeAnswer } from '../streaming/generated.js';
import { ANTHROPIC_PROTOCOL } from './anthropic-protocol.js';
import { findClaudeModel } from './claude-model.js';
import { MessageEvents } from './message-events.js';
import { messageJson } from './message-json.js';
import { contentOf } from './message-content.js';
import { billedTokens } from './message-usage.js';
import { checkSize, readCountRequest, readMessagesRequest, type MessagesRequest } from './messages-request.js';
import { promptTokensOf } from './prompt-block.js';

/** Adds `POST /messages` and `POST /messages/count_tokens`. */
export function registerMessages(app: FastifyInstance, provider: Provider): void {
  app.post('/messages', async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, ANTHROPIC_PROTOCOL);
    const request = readMessagesRequest(exchange.body);
    const model = findClaudeModel(provider.catalogue, request.model);
    checkSize(model, promptTokensOf(request.blocks), request.tokenLimit);
    if (failsInstead(exchange, model.name, reply)) return reply;
    return sendAnswer(exchange, prepare(provider, exchange, request, model), reply);
  });
  app.post('/messages/count_tokens', async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, ANTHROPIC_PROTOCOL);
    const request = readCountRequest(exchange.body);
    const model = findClaudeModel(provider.catalogue, request.model);
    if (failsInstead(exchange, model.name, reply)) return reply;
    await wait(firstByteDelay(exchange.settings, exchange.fault));
    if (exchange.fault === 'garbage') return reply.type('application/json').send(GARBAGE);
    const json = JSON.stringify({ input_tokens: promptTokensOf(request.blocks) });
    return sendJson(exchange, json, requestIdOf(exchange), reply);
  });
}

function prepare(provider: Provider, exchange: Exchange, request: MessagesRequest, model: Model): PreparedAnswer {
  const { key, settings, requestNumber, logEntry } = exchange;
  const [choice] = answerWish(request, model, key, settings, provider);
  if (!choice) throw new Error('one choice was wished for');
  const minimum = settings.promptCache.minimum ?? model.claude?.cacheMinimum ?? 0;
  const owner = `${key} ${model.name}`;
  const { use, remember } = provider.promptCache.plan(owner, request.blocks, minimum, settings.promptCache.mode);
  const input = promptTokensOf(request.blocks) - use.read - use.write - use.writeLong;
  const thoughts = new Random('thinking', settings.seed, key, model.name, promptIdentity(request));
  const answer = {
    id: `msg_${new Random('id', settings.seed, key, requestNumber).identifier(24)}`,
    model: model.name,
    prompt: { ...use, input },
    choice,
    content: contentOf(choice, request.thinking, thoughts),
  };
  return {
    requestId: requestIdOf(exchange),
    stream: request.stream,
    whole: () => wholeAnswer([choice]),
    charge: (generated) => {
      remember();
      provider.charge(key, model, billedTokens(answer.prompt, generated), logEntry);
    },
    body: () => messageJson(answer),
    events: () => new MessageEvents(answer),
  };
}

function requestIdOf({ key, settings, requestNumber }: Exchange): string {
  return `req_${new Random('request', settings.seed, key, requestNumber).identifier(24)}`;
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerChat, type ChatAnswer } from './chat-answer.js';
import { completionHead, completionJson, type CompletionHead } from './chat-completion.js';
import { ChatEvents } from './chat-events.js';
import { readChatRequest, type ChatRequest } from './chat-request.js';
import { streamEvents } from './chat-stream.js';
import { billedTokens, wholeAnswer, type Generated } from './chat-usage.js';
import { openExchange, type Exchange } from '../exchange.js';
import { failsInstead, GARBAGE, sendJson } from '../faults/failing.js';
import { firstByteDelay, generationTime, wait } from '../pace.js';
import type { Provider } from '../provider.js';
import { SseWriter } from './sse-writer.js';

interface ChatExchange extends Exchange {
  readonly request: ChatRequest;
  readonly answer: ChatAnswer;
  readonly head: CompletionHead;
  readonly requestId: string;
  readonly charge: (generated: Generated) => void;
}

/** Adds `POST /chat/completions`. */
export function registerChat(app: FastifyInstance, provider: Provider): void {
  app.post('/chat/completions', async (incoming, reply) => {
    const exchange = openExchange(provider, incoming);
    const { key, settings, requestNumber, logEntry } = exchange;
    const request = readChatRequest(exchange.body);
    const model = provider.catalogue.findChatModel(request.model);
    if (failsInstead(exchange, model.name, reply)) return reply;
    const answer = answerChat(request, model, key, settings, provider.book);
    const head = completionHead(model.name, settings.seed, key, requestNumber);
    const chat: ChatExchange = {
      ...exchange,
      request,
      answer,
      head,
      requestId: head.id.replace('chatcmpl-', 'req_'),
      charge: (generated) => provider.charge(key, model, billedTokens(answer, generated), logEntry),
    };
    return request.stream ? sendStream(chat, reply) : sendWhole(chat, reply);
  });
}

async function sendWhole(chat: ChatExchange, reply: FastifyReply): Promise<FastifyReply> {
  const { request, answer, head, requestId, settings, fault } = chat;
  const generated = wholeAnswer(answer);
  const tokens = generated.output + generated.reasoning;
  // Not ended by the client's departure: nobody tells a provider to stop what is not streamed.
  await wait(firstByteDelay(settings, fault) + generationTime(tokens, settings.tokensPerSecond));
  if (fault === 'garbage') return reply.type('application/json').send(GARBAGE);
  chat.charge(generated);
  return sendJson(chat, completionJson(head, request, answer), requestId, reply);
}

async function sendStream(chat: ChatExchange, reply: FastifyReply): Promise<FastifyReply> {
  const { request, answer, head, requestId, settings, fault } = chat;
  reply.hijack();
  const writer = new SseWriter(reply.raw);
  await wait(firstByteDelay(settings, fault), settings.onDisconnect === 'stop' ? writer.departed : undefined);
  writer.open(requestId);
  if (fault === 'garbage') {
    writer.end(`data: ${GARBAGE}\n\n`);
    return reply;
  }
  const events = new ChatEvents(head, request, answer);
  const generated = await streamEvents(writer, events, settings, fault === 'cut');
  // Before the last bytes: whoever has read the stream to its end finds it in the bill.
  chat.charge(generated);
  if (fault === 'cut') writer.cut();
  else writer.end(events.closing());
  return reply;
}

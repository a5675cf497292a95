import type { FastifyReply } from 'fastify';
import type { Exchange } from './exchange.js';
import { GARBAGE, sendBody } from './faults/failing.js';
import { firstByteDelay, generationTime, wait } from './pace.js';
import type { Generated } from './streaming/generated.js';
import { SseWriter } from './streaming/sse-writer.js';
import type { EventSource } from './streaming/stream-event.js';
import { streamEvents } from './streaming/stream-events.js';

/** An answer of any protocol, ready to be sent. */
export interface PreparedAnswer {
  readonly requestId: string;
  readonly stream: boolean;
  /** All that is generated where nothing goes wrong. */
  whole(): Generated;
  charge(generated: Generated): void;
  /** The body, where the answer does not stream. */
  body(): string;
  /** Of the body; JSON where it is absent. */
  readonly contentType?: string;
  /** The events, where it does. */
  events(): EventSource;
}

/** Sends an answer at the configured speed, with the faults that strike an answer under way, and charges it. */
export async function sendAnswer(
  exchange: Exchange,
  answer: PreparedAnswer,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return answer.stream ? sendStream(exchange, answer, reply) : sendWhole(exchange, answer, reply);
}

async function sendWhole(exchange: Exchange, answer: PreparedAnswer, reply: FastifyReply): Promise<FastifyReply> {
  const { settings, fault } = exchange;
  const generated = answer.whole();
  const tokens = generated.output + generated.reasoning;
  // Not ended by the client's departure: nobody tells a provider to stop what is not streamed.
  await wait(firstByteDelay(settings, fault) + generationTime(tokens, settings.tokensPerSecond));
  if (fault === 'garbage') return reply.type('application/json').send(GARBAGE);
  answer.charge(generated);
  return sendBody(exchange, answer.body(), answer.contentType ?? 'application/json', answer.requestId, reply);
}

async function sendStream(exchange: Exchange, answer: PreparedAnswer, reply: FastifyReply): Promise<FastifyReply> {
  const { settings, fault, protocol } = exchange;
  reply.hijack();
  const writer = new SseWriter(reply.raw);
  await wait(firstByteDelay(settings, fault), settings.onDisconnect === 'stop' ? writer.departed : undefined);
  writer.open([protocol.requestIdHeader, answer.requestId]);
  if (fault === 'garbage') {
    writer.end(protocol.garbageEvent);
    return reply;
  }
  const events = answer.events();
  const generated = await streamEvents(writer, events, settings, fault === 'cut');
  // Before the last bytes: whoever has read the stream to its end finds it in the bill.
  answer.charge(generated);
  if (fault === 'cut') writer.cut();
  else writer.end(events.closing());
  return reply;
}

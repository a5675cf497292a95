import type { FastifyRequest } from 'fastify';
import type { Exchange } from '../exchange.js';
import { readString } from '../field.js';
import type { Protocol } from '../protocol.js';
import type { EventSource } from '../streaming/stream-event.js';
import { OPENAI_PROTOCOL } from './openai-protocol.js';

/** What providers of OpenAI's shape do differently. */
export interface OpenAiDialect {
  readonly protocol: Protocol;
  /** Name of the model that a request asks for. @throws the protocol's error, or InvalidField. */
  modelName(exchange: Exchange, request: FastifyRequest): string;
  /** Lays more over a whole chat completion. */
  decorateJson?(json: string): string;
  /** Lays more over the events of a chat completion. */
  decorateEvents?(events: EventSource): EventSource;
}

/** OpenAI itself: the body names the model. */
export const OPENAI_DIALECT: OpenAiDialect = {
  protocol: OPENAI_PROTOCOL,
  modelName: ({ body }) => readString(body['model'], 'model'),
};

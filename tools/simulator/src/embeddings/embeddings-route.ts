import type { FastifyInstance } from 'fastify';
import { NO_TOKENS } from '../bill.js';
import type { OpenAiDialect } from '../openai/openai-dialect.js';
import { findEmbeddingModel } from '../openai/openai-models.js';
import { embeddingVector } from './embedding-vector.js';
import { readEmbeddingsRequest, type EmbeddingsRequest } from './embeddings-request.js';
import { openExchange } from '../exchange.js';
import { failsInstead, GARBAGE, sendJson } from '../faults/failing.js';
import { InvalidField } from '../field.js';
import { firstByteDelay, wait } from '../pace.js';
import type { Model } from '../models/model.js';
import type { Provider } from '../provider.js';
import { countTokens } from '../generation/tokens.js';

/** Adds `POST /embeddings` under a path. */
export function registerEmbeddings(
  app: FastifyInstance,
  path: string,
  provider: Provider,
  dialect: OpenAiDialect,
): void {
  app.post(`${path}/embeddings`, async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, dialect.protocol);
    const { key, settings, fault, requestNumber, logEntry } = exchange;
    const name = dialect.modelName(exchange, incoming);
    const request = readEmbeddingsRequest(exchange.body);
    const model = findEmbeddingModel(provider.catalogue, name);
    const dimensions = chosenDimensions(request, model, model.dimensions);
    if (failsInstead(exchange, model.name, reply)) return reply;
    await wait(firstByteDelay(settings, fault));
    if (fault === 'garbage') return reply.type('application/json').send(GARBAGE);
    const tokens = request.inputs.reduce<number>(
      (total, input) => total + (typeof input === 'string' ? countTokens(input) : input.length),
      0,
    );
    const data = request.inputs.map((input, index) => {
      const vector = embeddingVector(input, model.name, settings.seed, model.dimensions, dimensions);
      return { object: 'embedding', index, embedding: encode(vector, request.encoding) };
    });
    provider.charge(key, model, { ...NO_TOKENS, input: tokens }, logEntry);
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    const json = JSON.stringify({ object: 'list', data, model: model.name, usage });
    return sendJson(exchange, json, `req_${key.slice(-8)}-${requestNumber}`, reply);
  });
}

function chosenDimensions({ dimensions }: EmbeddingsRequest, model: Model, most: number): number {
  if (dimensions === null) return most;
  if (!model.shortens) throw new InvalidField('dimensions', 'this model does not support specifying dimensions');
  if (dimensions > most)
    throw new InvalidField('dimensions', `expected at most ${most} for this model, but got ${dimensions}`);
  return dimensions;
}

/** Numbers, or the base64 of little-endian 32-bit floats. */
function encode(vector: Float32Array, encoding: 'float' | 'base64'): readonly number[] | string {
  if (encoding === 'float') return [...vector];
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, component] of vector.entries()) bytes.writeFloatLE(component, index * 4);
  return bytes.toString('base64');
}

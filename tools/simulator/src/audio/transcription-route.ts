import type { FastifyInstance } from 'fastify';
import { sendAnswer, type PreparedAnswer } from '../answering.js';
import { openExchange, type Exchange } from '../exchange.js';
import { failsInstead } from '../faults/failing.js';
import { tokensOf } from '../generation/piece.js';
import { Random } from '../generation/random.js';
import type { Model } from '../models/model.js';
import { wrongKindOfModel } from '../openai/openai-error.js';
import { findModelOfKind } from '../openai/openai-models.js';
import { OPENAI_PROTOCOL } from '../openai/openai-protocol.js';
import type { Provider } from '../provider.js';
import { transcribe } from './transcript.js';
import { contentTypeOf, transcriptBody } from './transcript-body.js';
import { TranscriptEvents } from './transcript-events.js';
import { billedTranscript, usageOf } from './transcript-usage.js';
import { readTranscriptionRequest, type TranscriptionRequest } from './transcription-request.js';

/** Adds `POST /audio/transcriptions` and `POST /audio/translations`. */
export function registerTranscriptions(app: FastifyInstance, provider: Provider): void {
  for (const task of ['transcribe', 'translate'] as const) {
    app.post(task === 'transcribe' ? '/audio/transcriptions' : '/audio/translations', async (incoming, reply) => {
      const exchange = openExchange(provider, incoming, OPENAI_PROTOCOL);
      const request = readTranscriptionRequest(exchange.body);
      const model = findModelOfKind(provider.catalogue, request.model, 'transcription', 'Transcriptions API');
      if (task === 'translate' && model.price.seconds === undefined)
        throw wrongKindOfModel(model.name, 'Translations API');
      if (failsInstead(exchange, model.name, reply)) return reply;
      return sendAnswer(exchange, prepare(provider, exchange, request, model, task), reply);
    });
  }
}

function prepare(
  provider: Provider,
  { key, settings, requestNumber, logEntry }: Exchange,
  request: TranscriptionRequest,
  model: Model,
  task: 'transcribe' | 'translate',
): PreparedAnswer {
  const transcript = transcribe(request, model, key, settings.seed);
  const usage = usageOf(model, transcript);
  return {
    requestId: `req_${new Random('id', settings.seed, key, requestNumber).identifier(24)}`,
    stream: request.stream && task === 'transcribe',
    whole: () => ({ output: tokensOf(transcript.pieces), reasoning: 0 }),
    charge: ({ output }) => provider.charge(key, model, billedTranscript(model, transcript, output), logEntry),
    contentType: contentTypeOf(request),
    // OpenAI's specification gives translations no usage.
    body: () => transcriptBody(request, transcript, task, task === 'transcribe' ? usage : null),
    events: () => new TranscriptEvents(transcript, usage),
  };
}

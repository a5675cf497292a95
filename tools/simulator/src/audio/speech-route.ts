import type { FastifyInstance } from 'fastify';
import { sendAnswer } from '../answering.js';
import { openExchange } from '../exchange.js';
import { failsInstead, GARBAGE } from '../faults/failing.js';
import { Random } from '../generation/random.js';
import { findModelOfKind } from '../openai/openai-models.js';
import { OPENAI_PROTOCOL } from '../openai/openai-protocol.js';
import type { Provider } from '../provider.js';
import { sendSound } from './send-sound.js';
import { SOUND_TYPES } from './sound.js';
import { billedSpeech, speak } from './speech.js';
import { SpeechEvents } from './speech-events.js';
import { readSpeechRequest } from './speech-request.js';

/** Adds `POST /audio/speech`. */
export function registerSpeech(app: FastifyInstance, provider: Provider): void {
  app.post('/audio/speech', async (incoming, reply) => {
    const exchange = openExchange(provider, incoming, OPENAI_PROTOCOL);
    const { key, settings, requestNumber, logEntry, fault } = exchange;
    const request = readSpeechRequest(exchange.body);
    const model = findModelOfKind(provider.catalogue, request.model, 'speech', 'Speech API');
    if (failsInstead(exchange, model.name, reply)) return reply;
    const speech = speak(request, model, key, settings.seed);
    const requestId = `req_${new Random('id', settings.seed, key, requestNumber).identifier(24)}`;
    const charge = (audioTokens: number): void =>
      provider.charge(key, model, billedSpeech(model, speech, audioTokens), logEntry);
    if (!request.asEvents) {
      if (fault === 'garbage') return reply.type(SOUND_TYPES[request.format]).send(GARBAGE);
      return sendSound(exchange, speech, SOUND_TYPES[request.format], requestId, charge, reply);
    }
    const answer = {
      requestId,
      stream: true,
      whole: () => ({ output: speech.audioTokens, reasoning: 0 }),
      charge: ({ output }: { output: number }) => charge(output),
      body: () => '',
      events: () => new SpeechEvents(speech),
    };
    return sendAnswer(exchange, answer, reply);
  });
}

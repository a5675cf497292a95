import fastify, { type FastifyInstance } from 'fastify';
import { registerMessages } from './anthropic/messages-route.js';
import { ANTHROPIC_PROTOCOL } from './anthropic/anthropic-protocol.js';
import { registerSpeech } from './audio/speech-route.js';
import { registerTranscriptions } from './audio/transcription-route.js';
import { registerAzure } from './azure/azure-routes.js';
import { addBodyParsers } from './body-parsers.js';
import { registerChat } from './chat/chat-route.js';
import { registerControl } from './control-routes.js';
import { registerEmbeddings } from './embeddings/embeddings-route.js';
import { registerModels } from './models/models-route.js';
import { registerModerations } from './moderations/moderations-route.js';
import { OPENAI_DIALECT } from './openai/openai-dialect.js';
import { OpenAiError } from './openai/openai-error.js';
import { OPENAI_PROTOCOL } from './openai/openai-protocol.js';
import { answerErrorsAs, registerProtocol } from './protocol.js';
import type { Provider } from './provider.js';
import { registerResponses } from './responses/responses-route.js';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** The HTTP server of a provider, not listening yet. */
export function createServer(provider: Provider): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, keepAliveTimeout: 60_000 });
  addBodyParsers(app, provider);
  app.setNotFoundHandler((request) => {
    throw new OpenAiError(404, `Unknown request URL: ${request.method} ${request.url}.`, { code: 'unknown_url' });
  });
  answerErrorsAs(app, () => OPENAI_PROTOCOL);
  registerControl(app, provider);
  registerModels(app, provider);
  registerAzure(app, provider);
  registerProtocol(app, '/v1', ANTHROPIC_PROTOCOL, (v1) => registerMessages(v1, provider));
  registerProtocol(app, '/v1', OPENAI_PROTOCOL, (v1) => {
    registerChat(v1, '', provider, OPENAI_DIALECT);
    registerEmbeddings(v1, '', provider, OPENAI_DIALECT);
    registerResponses(v1, '', provider, OPENAI_DIALECT);
    registerModerations(v1, provider);
    registerSpeech(v1, provider);
    registerTranscriptions(v1, provider);
  });
  return app;
}

import type { FastifyInstance } from 'fastify';
import { registerChat } from '../chat/chat-route.js';
import { registerEmbeddings } from '../embeddings/embeddings-route.js';
import type { OpenAiDialect } from '../openai/openai-dialect.js';
import { registerProtocol } from '../protocol.js';
import type { Provider } from '../provider.js';
import { registerResponses } from '../responses/responses-route.js';
import { AZURE_PROTOCOL } from './azure-protocol.js';
import { withPromptFilter, withPromptFilterEvent } from './content-filter.js';
import { modelOfBody, modelOfPath } from './deployment.js';

const CLASSIC_PATH = '/deployments/:deployment';
const NEXT_GENERATION_PATH = '/v1';

/** Adds Azure OpenAI's addresses: those with the deployment in the path, and its `/openai/v1`. */
export function registerAzure(app: FastifyInstance, provider: Provider): void {
  const azure = {
    protocol: AZURE_PROTOCOL,
    decorateJson: withPromptFilter,
    decorateEvents: withPromptFilterEvent,
  };
  const classic: OpenAiDialect = {
    ...azure,
    modelName: (exchange, request) => modelOfPath(provider, exchange, request),
  };
  const nextGeneration: OpenAiDialect = { ...azure, modelName: (exchange) => modelOfBody(provider, exchange) };
  registerProtocol(app, '/openai', AZURE_PROTOCOL, (scope) => {
    registerChat(scope, CLASSIC_PATH, provider, classic);
    registerEmbeddings(scope, CLASSIC_PATH, provider, classic);
    registerChat(scope, NEXT_GENERATION_PATH, provider, nextGeneration);
    registerEmbeddings(scope, NEXT_GENERATION_PATH, provider, nextGeneration);
    registerResponses(scope, NEXT_GENERATION_PATH, provider, nextGeneration);
  });
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findClaudeModel } from '../anthropic/claude-model.js';
import { ANTHROPIC_PROTOCOL } from '../anthropic/anthropic-protocol.js';
import { findModel } from '../openai/openai-models.js';
import { OPENAI_PROTOCOL } from '../openai/openai-protocol.js';
import { answerErrorsAs, type Protocol } from '../protocol.js';
import type { Provider } from '../provider.js';
import type { Model } from './model.js';

/** 2025-01-01, of every model: nobody counts on it. */
const CREATED = 1_735_689_600;

/** Adds `GET /v1/models` and `GET /v1/models/:model`, in Anthropic's form where the caller says `anthropic-version`. */
export function registerModels(app: FastifyInstance, provider: Provider): void {
  void app.register(
    (models, _options, done) => {
      answerErrorsAs(models, protocolOf);
      models.addHook('onRequest', (request, _reply, next) => {
        protocolOf(request).keyOf(request);
        next();
      });
      models.get('/', (request) => {
        const all = [...provider.catalogue.all()];
        return speaksAnthropic(request) ? claudeList(all) : { object: 'list', data: all.map(openAiModel) };
      });
      models.get<{ Params: { '*': string } }>('/*', (request) => {
        const name = request.params['*'];
        return speaksAnthropic(request)
          ? claudeModel(findClaudeModel(provider.catalogue, name))
          : openAiModel(findModel(provider.catalogue, name));
      });
      done();
    },
    { prefix: '/v1/models' },
  );
}

function speaksAnthropic(request: FastifyRequest): boolean {
  return request.headers['anthropic-version'] !== undefined;
}

function protocolOf(request: FastifyRequest): Protocol {
  return speaksAnthropic(request) ? ANTHROPIC_PROTOCOL : OPENAI_PROTOCOL;
}

function openAiModel(model: Model): object {
  return { id: model.name, object: 'model', created: CREATED, owned_by: 'simulator' };
}

/** All on one page, however many the caller asks for. */
function claudeList(all: readonly Model[]): object {
  const data = all.filter((model) => model.claude !== null);
  return {
    data: data.map(claudeModel),
    first_id: data[0]?.name ?? null,
    has_more: false,
    last_id: data.at(-1)?.name ?? null,
  };
}

function claudeModel({ name, claude }: Model): object {
  return {
    type: 'model',
    id: name,
    display_name: claude?.displayName ?? name,
    created_at: new Date(CREATED * 1000).toISOString(),
    max_input_tokens: claude?.contextWindow ?? null,
    max_tokens: claude?.mostOutput ?? null,
  };
}

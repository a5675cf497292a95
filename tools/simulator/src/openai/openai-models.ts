import type { Catalogue } from '../models/catalogue.js';
import type { Model, ModelKind } from '../models/model.js';
import { notAChatModel, notAnEmbeddingModel, unknownModel, wrongKindOfModel } from './openai-error.js';

/** @throws OpenAiError 404 `model_not_found`. */
export function findModel(catalogue: Catalogue, name: string): Model {
  const model = catalogue.find(name);
  if (!model) throw unknownModel(name);
  return model;
}

/**
 * A model that chats. Claude models do too: Anthropic has an address of OpenAI's shape.
 *
 * @throws OpenAiError 404 where there is no such model or it does not chat.
 */
export function findChatModel(catalogue: Catalogue, name: string): Model {
  const model = findModel(catalogue, name);
  if (model.kind !== 'chat') throw notAChatModel();
  return model;
}

/** @throws OpenAiError 404 where there is no such model or it is Anthropic's, 400 where it does not chat. */
export function findResponsesModel(catalogue: Catalogue, name: string): Model {
  const model = findModelOfKind(catalogue, name, 'chat', 'Responses API');
  if (model.claude) throw unknownModel(name);
  return model;
}

/** @throws OpenAiError 404 where there is no such model, 403 where it makes no vectors. */
export function findEmbeddingModel(catalogue: Catalogue, name: string): Model & { readonly dimensions: number } {
  const model = findModel(catalogue, name);
  if (model.dimensions === null) throw notAnEmbeddingModel();
  return { ...model, dimensions: model.dimensions };
}

/** @throws OpenAiError 404 where there is no such model, 400 where it is for something else. */
export function findModelOfKind(catalogue: Catalogue, name: string, kind: ModelKind, address: string): Model {
  const model = findModel(catalogue, name);
  if (model.kind !== kind) throw wrongKindOfModel(name, address);
  return model;
}

import type { Catalogue } from '../models/catalogue.js';
import type { Model } from '../models/model.js';
import { unknownModel } from './anthropic-error.js';

/**
 * A model that answers to messages: Anthropic's, and those that no provider lists.
 *
 * @throws AnthropicError 404.
 */
export function findClaudeModel(catalogue: Catalogue, name: string): Model {
  const model = catalogue.find(name);
  if (!model || model.kind !== 'chat' || (model.listed && !model.claude)) throw unknownModel(name);
  return model;
}

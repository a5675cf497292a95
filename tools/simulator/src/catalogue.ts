import type { AnswerBook } from './chat/answer-book.js';
import { notAChatModel, notAnEmbeddingModel, unknownModel } from './openai-error.js';
import { chatModel, PRICE_LIST, UNLISTED_PRICE, type Model, type Price } from './price-list.js';

/** The models that the simulator answers for: its price list, the models of the answer book, and configured prices. */
export class Catalogue {
  readonly #models: ReadonlyMap<string, Model>;

  constructor(book: AnswerBook, prices: Readonly<Record<string, Price>>) {
    const models = new Map(PRICE_LIST.map((model) => [model.name, model]));
    for (const name of book.models) if (!models.has(name)) models.set(name, chatModel(name, UNLISTED_PRICE));
    for (const [name, price] of Object.entries(prices))
      models.set(name, { ...(models.get(name) ?? chatModel(name, price)), price });
    this.#models = models;
  }

  all(): Iterable<Model> {
    return this.#models.values();
  }

  /** @throws OpenAiError 404 `model_not_found`. */
  find(name: string): Model {
    const model = this.#models.get(name);
    if (!model) throw unknownModel(name);
    return model;
  }

  /** @throws OpenAiError 404 where there is no such model or it makes vectors. */
  findChatModel(name: string): Model {
    const model = this.find(name);
    if (model.dimensions !== null) throw notAChatModel();
    return model;
  }

  /** @throws OpenAiError 404 where there is no such model, 403 where it is a chat model. */
  findEmbeddingModel(name: string): Model & { readonly dimensions: number } {
    const model = this.find(name);
    if (model.dimensions === null) throw notAnEmbeddingModel();
    return { ...model, dimensions: model.dimensions };
  }
}

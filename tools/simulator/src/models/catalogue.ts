import type { AnswerBook } from '../answers/answer-book.js';
import { unlistedModel, type Model } from './model.js';
import { PRICE_LIST, UNLISTED_PRICE } from './price-list.js';
import type { Price } from './price.js';

/** The models that the simulator answers for: its price list, the models of the answer book, and configured prices. */
export class Catalogue {
  readonly #models: ReadonlyMap<string, Model>;

  constructor(book: AnswerBook, prices: Readonly<Record<string, Price>>) {
    const models = new Map(PRICE_LIST.map((model) => [model.name, model]));
    for (const name of book.models) if (!models.has(name)) models.set(name, unlistedModel(name, UNLISTED_PRICE));
    for (const [name, price] of Object.entries(prices))
      models.set(name, { ...(models.get(name) ?? unlistedModel(name, price)), price });
    this.#models = models;
  }

  all(): Iterable<Model> {
    return this.#models.values();
  }

  /** null where there is no such model. */
  find(name: string): Model | null {
    return this.#models.get(name) ?? null;
  }
}

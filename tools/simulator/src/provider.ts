import type { AnswerBook } from './answers/answer-book.js';
import { Meanings } from './answers/meanings.js';
import { Bill, type BilledTokens } from './bill.js';
import { PromptCache } from './anthropic/prompt-cache.js';
import { Catalogue } from './models/catalogue.js';
import type { Model } from './models/model.js';
import { ResponseStore } from './responses/response-store.js';
import { RequestLog, type RequestLogEntry } from './request-log.js';
import { patchSettings } from './settings-patch.js';
import { DEFAULT_SETTINGS, type Settings } from './settings.js';

/** Everything that one simulated provider remembers. */
export class Provider {
  readonly bill = new Bill();
  readonly requests = new RequestLog();
  readonly promptCache = new PromptCache();
  readonly responses = new ResponseStore();
  readonly meanings = new Meanings();
  readonly #requestNumbers = new Map<string, number>();
  #settings = DEFAULT_SETTINGS;
  #catalogue: Catalogue;

  constructor(readonly book: AnswerBook) {
    this.#catalogue = new Catalogue(book, this.#settings.prices);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  /**
   * Lays a JSON patch over the settings. A patch that names the seed makes every key begin again with its first
   * request and an empty prompt cache, so that a run can be repeated.
   *
   * @throws InvalidField; then nothing has changed.
   */
  configure(patch: unknown): Settings {
    const settings = patchSettings(this.#settings, patch);
    if (typeof patch === 'object' && patch !== null && 'seed' in patch) {
      this.#requestNumbers.clear();
      this.promptCache.clear();
    }
    this.#settings = settings;
    this.#catalogue = new Catalogue(this.book, settings.prices);
    return settings;
  }

  /** Counts a key's requests from 0. */
  nextRequestNumber(key: string): number {
    const number = this.#requestNumbers.get(key) ?? 0;
    this.#requestNumbers.set(key, number + 1);
    return number;
  }

  charge(key: string, model: Model, tokens: BilledTokens, entry: RequestLogEntry): void {
    const amount = this.bill.charge(key, model, tokens);
    entry.charge = { model: model.name, tokens, chargedPicoDollars: amount.toString() };
  }
}

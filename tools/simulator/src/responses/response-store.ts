import type { PromptMessage } from '../answers/prompt-message.js';

/** A response that may be read again, or gone on from. */
export interface StoredResponse {
  /** Label of the key that it belongs to. */
  readonly key: string;
  /** The conversation with its answer, without instructions: those hold for one response. */
  readonly messages: readonly PromptMessage[];
  /** The calls whose results may follow. */
  readonly callIds: readonly string[];
  /** The response object as JSON text. */
  readonly json: string;
}

const MOST_RESPONSES = 1000;
const MOST_CHARACTERS = 32_000_000;

/** The last responses, at most 1,000, with at most 32 million characters in their conversations. */
export class ResponseStore {
  readonly #responses = new Map<string, StoredResponse>();
  #characters = 0;

  keep(id: string, response: StoredResponse): void {
    this.#responses.set(id, response);
    this.#characters += charactersOf(response);
    for (const oldest of this.#responses.keys()) {
      if (this.#responses.size <= MOST_RESPONSES && this.#characters <= MOST_CHARACTERS) break;
      this.#forget(oldest);
    }
  }

  /** null where there is none, or it is another key's. */
  find(id: string, key: string): StoredResponse | null {
    const response = this.#responses.get(id);
    return response?.key === key ? response : null;
  }

  /** Returns whether it was there. */
  delete(id: string, key: string): boolean {
    const isThere = this.find(id, key) !== null;
    if (isThere) this.#forget(id);
    return isThere;
  }

  #forget(id: string): void {
    const response = this.#responses.get(id);
    if (response) this.#characters -= charactersOf(response);
    this.#responses.delete(id);
  }
}

function charactersOf({ messages, json }: StoredResponse): number {
  return messages.reduce((total, { text }) => total + text.length, json.length);
}

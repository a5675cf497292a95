import type { VectorMatch } from '@parsimony/contract';

/** The `limit` best of what it was offered. */
export class Nearest {
  readonly limit: number;
  readonly #ids: string[] = [];
  readonly #similarities: number[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#ids.length;
  }

  offer(id: string, similarity: number): void {
    const ids = this.#ids;
    const similarities = this.#similarities;
    if (ids.length === this.limit && similarity <= (similarities[ids.length - 1] ?? 0)) return;
    let place = ids.length;
    while (place > 0 && (similarities[place - 1] ?? 0) < similarity) place--;
    ids.splice(place, 0, id);
    similarities.splice(place, 0, similarity);
    if (ids.length > this.limit) {
      ids.pop();
      similarities.pop();
    }
  }

  /** Nearest first. */
  matches(): VectorMatch[] {
    return this.#ids.map((id, place) => ({ id, similarity: this.#similarities[place] ?? 0 }));
  }
}

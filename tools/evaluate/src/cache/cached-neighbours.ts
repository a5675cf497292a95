import type { Neighbour } from '@parsimony/semantic-cache/verification';
import type { IndexedCorpus } from './indexed-corpus.js';
import { LIST_LENGTH } from './neighbour-lists.js';

/** Neighbours that a look-up gets, as the plugin asks for. */
const LOOKED_UP = 8;
/** With fewer cached ones in a text's list, all that is cached is compared instead. */
const LEAST_LISTED = 3;

/** A neighbour with its number in the corpus. */
export interface CachedNeighbour extends Neighbour {
  readonly text: number;
}

/** The texts that a simulated cache holds. */
export class CachedTexts {
  private readonly present: Uint8Array;
  private readonly order: number[] = [];

  constructor(private readonly corpus: IndexedCorpus) {
    this.present = new Uint8Array(corpus.texts.length);
  }

  has(text: number): boolean {
    return this.present[text] === 1;
  }

  add(text: number): void {
    if (this.has(text)) return;
    this.present[text] = 1;
    this.order.push(text);
  }

  /**
   * The nearest cached texts, nearest first, the text itself left out.
   *
   * @param least neighbours below this similarity may be missing: who has no use for them saves comparing all.
   */
  nearest(text: number, limit = LOOKED_UP, least = -1): readonly CachedNeighbour[] {
    const { neighbours, similarities } = this.corpus;
    const found: CachedNeighbour[] = [];
    const end = (text + 1) * LIST_LENGTH;
    for (let place = text * LIST_LENGTH; place < end && found.length < limit; place += 1) {
      const other = neighbours[place] ?? -1;
      if (other >= 0 && this.has(other)) found.push(this.neighbour(other, similarities[place] ?? 0));
    }
    const listEnds = similarities[end - 1] ?? 1;
    if (found.length >= Math.min(LEAST_LISTED, limit) || listEnds < least) return found;
    return this.compareAll(text, limit);
  }

  private compareAll(text: number, limit: number): readonly CachedNeighbour[] {
    const scored = this.order
      .filter((other) => other !== text)
      .map((other) => ({ other, similarity: this.similarity(text, other) }))
      .sort((left, right) => right.similarity - left.similarity);
    return scored.slice(0, limit).map(({ other, similarity }) => this.neighbour(other, similarity));
  }

  private similarity(left: number, right: number): number {
    const { vectors, dimensions } = this.corpus;
    const [leftStart, rightStart] = [left * dimensions, right * dimensions];
    let sum = 0;
    for (let index = 0; index < dimensions; index += 1) {
      sum += (vectors[leftStart + index] ?? 0) * (vectors[rightStart + index] ?? 0);
    }
    return sum;
  }

  private neighbour(text: number, similarity: number): CachedNeighbour {
    const { signatures, classes } = this.corpus;
    const signature = signatures[text];
    if (signature === undefined) throw new RangeError(`there is no text ${String(text)}`);
    return { entry: String(text), answer: String(classes[text]), similarity, signature, text };
  }
}

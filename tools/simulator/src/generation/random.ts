import { hash } from 'node:crypto';

const TWO_TO_32 = 0x1_0000_0000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A stream of pseudo-random numbers that is a function of the given parts alone: SHA-256 of the parts seeds sfc32
 * (Doty-Humphrey's small fast counting generator, as in PractRand).
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(...parts: readonly (string | number)[]) {
    // Lengths keep ('ab', 'c') and ('a', 'bc') apart.
    const digest = hash('sha256', parts.map((part) => `${String(part).length}:${part}`).join(''), 'buffer');
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    this.#counter = digest.readInt32LE(12);
  }

  /** A number from 0 (included) to 1 (not included). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / TWO_TO_32;
  }

  /** An integer from `minimum` to `maximum`, both included. */
  integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.next() * (maximum - minimum + 1));
  }

  /** One of the items, of which there must be at least one. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  /** Letters and digits, as providers' ids have them. */
  identifier(length: number): string {
    let text = '';
    for (let index = 0; index < length; index += 1) text += ALPHABET[this.integer(0, ALPHABET.length - 1)];
    return text;
  }
}

import { randomOf, shuffled } from '../statistics/random.js';
import type { Corpus } from './corpus.js';

/** Requests: numbers of texts, in the order in which they are asked. */
export type Stream = Int32Array;

/** Each text once, in an order that the seed determines. */
export function distinctStream({ texts }: Corpus, seed: number): Stream {
  return shuffled(texts.length, randomOf(seed));
}

/** Requests of a stream with popular texts. */
export const POPULAR_REQUESTS = 20_000;

/**
 * Draws texts by Zipf's law with exponent 1: the text of rank r is asked in proportion to 1 / r. Which text has which
 * rank the seed determines.
 */
export function popularStream({ texts }: Corpus, seed: number): Stream {
  const random = randomOf(seed);
  const ranked = shuffled(texts.length, random);
  let sum = 0;
  const shares = Float64Array.from(ranked, (_, rank) => (sum += 1 / (rank + 1)));
  return Int32Array.from({ length: POPULAR_REQUESTS }, () => ranked[firstAtLeast(shares, random() * sum)] ?? 0);
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

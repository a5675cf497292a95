import type { EmbeddingInput } from './embeddings-request.js';
import { Random } from '../generation/random.js';

/** Words of a text that count; the others would only cost time. */
const MOST_WORDS = 512;

/** How many dimensions a word touches. */
const DIMENSIONS_PER_WORD = 64;

/** Weight of what the text has for itself, against that of a word. */
const OWN_WEIGHT = 0.2;

/**
 * A unit vector that is a function of seed, model and input. Texts that share words lie close together (feature
 * hashing, Weinberger et al. 2009), which is all the meaning there is. Fewer dimensions are the beginning of the
 * full vector, brought back to length 1, as OpenAI's are.
 */
export function embeddingVector(
  input: EmbeddingInput,
  model: string,
  seed: number,
  size: number,
  dimensions: number,
): Float32Array {
  const vector = new Float64Array(size);
  const own = new Random('text', seed, model, typeof input === 'string' ? input : input.join(' '));
  for (let index = 0; index < size; index += 1) vector[index] = (own.next() - 0.5) * OWN_WEIGHT;
  for (const word of wordsOf(input)) {
    const random = new Random('word', seed, model, word);
    for (let touched = 0; touched < DIMENSIONS_PER_WORD; touched += 1) {
      const index = random.integer(0, size - 1);
      vector[index] = (vector[index] ?? 0) + (random.next() < 0.5 ? -1 : 1);
    }
  }
  const shortened = vector.subarray(0, dimensions);
  const length = Math.hypot(...shortened);
  return Float32Array.from(shortened, (component) => component / length);
}

function wordsOf(input: EmbeddingInput): readonly string[] {
  if (typeof input !== 'string') return input.slice(0, MOST_WORDS).map(String);
  return (
    input
      .slice(0, 16 * MOST_WORDS)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).slice(0, MOST_WORDS);
}

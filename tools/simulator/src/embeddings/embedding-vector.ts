import type { EmbeddingInput } from './embeddings-request.js';
import { Random } from '../generation/random.js';
import { textFeatures, type TextFeature } from './text-features.js';

/** Token ids that count. */
const MOST_TOKENS = 512;

/** How many dimensions a feature touches. */
const DIMENSIONS_PER_FEATURE = 48;

/** Length of what the text has for itself, against that of a word. */
const OWN_LENGTH = 0.25;

/**
 * A unit vector that is a function of seed, model and input. Texts that share words, or parts of words, lie close
 * together (feature hashing, Weinberger et al. 2009), which is all the meaning there is. Fewer dimensions are the beginning
 * of the full vector, brought back to length 1, as OpenAI's are.
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
  // A number drawn evenly from -0.5 to 0.5 has the mean square 1/12.
  const ownWeight = OWN_LENGTH * Math.sqrt((12 * DIMENSIONS_PER_FEATURE) / size);
  for (let index = 0; index < size; index += 1) vector[index] = (own.next() - 0.5) * ownWeight;
  for (const { name, weight } of featuresOf(input)) {
    const random = new Random('feature', seed, model, name);
    for (let touched = 0; touched < DIMENSIONS_PER_FEATURE; touched += 1) {
      const index = random.integer(0, size - 1);
      vector[index] = (vector[index] ?? 0) + (random.next() < 0.5 ? -weight : weight);
    }
  }
  const shortened = vector.subarray(0, dimensions);
  const length = Math.hypot(...shortened);
  return Float32Array.from(shortened, (component) => component / length);
}

function featuresOf(input: EmbeddingInput): readonly TextFeature[] {
  if (typeof input === 'string') return textFeatures(input);
  return input.slice(0, MOST_TOKENS).map((token) => ({ name: `token ${token}`, weight: 1 }));
}

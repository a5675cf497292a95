import { encodedLength } from './encoder.js';
import { encodingOf } from './encoding.js';

/**
 * Exact tokens of a text in a model's vocabulary, at once: for tools and tests. It holds the event loop for as long as
 * the text likes, so that texts of callers are counted by a `TokenCounter`.
 */
export function countTokens(text: string, model: string): number {
  return encodedLength(text, encodingOf(model));
}

import { get_encoding, type Tiktoken } from 'tiktoken';
import type { Encoding } from './encoding.js';

const loaded = new Map<Encoding, Tiktoken>();

/** Whether the vocabulary is in this thread's memory, so that `encode` answers at once. */
export function isLoaded(encoding: Encoding): boolean {
  return loaded.has(encoding);
}

/** Loads a vocabulary into this thread, which takes up to 0.2 s and 60 MB the first time. */
export function load(encoding: Encoding): Tiktoken {
  let encoder = loaded.get(encoding);
  if (!encoder) loaded.set(encoding, (encoder = get_encoding(encoding)));
  return encoder;
}

/**
 * Tokens of a text. Its time grows with the square of the longest run that the vocabulary does not split (a repeated
 * letter, ideographs without punctuation): 0.3 s for 8,000 ideographs.
 */
export function encodedLength(text: string, encoding: Encoding): number {
  // Without the two lists tiktoken throws at `<|endoftext|>` and its like, which may stand in any prompt.
  return load(encoding).encode(text, [], []).length;
}

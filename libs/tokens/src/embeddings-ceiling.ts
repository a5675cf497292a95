import type { EmbeddingsBody } from '@parsimony/contract';

/** Marks that a vocabulary may set at the beginning and the end of each input. */
const MARKS_PER_INPUT = 2;

/**
 * The most input tokens that an embeddings request can have. Inputs of tokens are counted; of texts the bytes are the
 * ceiling, as in `promptCeiling`.
 *
 * @param bodyBytes length of the body as it was received, in valid UTF-8; without it the texts are measured.
 */
export function embeddingsCeiling(body: EmbeddingsBody, bodyBytes?: number): number {
  const { input } = body;
  if (typeof input === 'string') return (bodyBytes ?? Buffer.byteLength(input)) + MARKS_PER_INPUT;
  let ceiling = 0;
  let texts = 0;
  for (const item of input) {
    if (typeof item === 'number') ceiling += 1;
    else if (typeof item === 'string') {
      texts += 1;
      ceiling += MARKS_PER_INPUT + (bodyBytes === undefined ? Buffer.byteLength(item) : 0);
    } else ceiling += MARKS_PER_INPUT + item.length;
  }
  if (texts > 0) ceiling += bodyBytes ?? 0;
  return ceiling + MARKS_PER_INPUT;
}

import { EmbeddingsModel } from '@energetic-ai/embeddings';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../../test/unusual-texts.js';
import { readModelFiles } from './model-files.js';
import { SentencePieces, type Vocabulary } from './sentence-pieces.js';

describe('SentencePieces', () => {
  let vocabulary: Vocabulary;
  let pieces: SentencePieces;
  let original: EmbeddingsModel['tokenizer'];

  beforeAll(async () => {
    ({ vocabulary } = await readModelFiles());
    pieces = new SentencePieces(vocabulary);
    // Its constructor only keeps the model.
    original = new EmbeddingsModel({ vocabulary: vocabulary as [string, number][], model: {} as never }).tokenizer;
  });

  it.each(TEXTS)('cuts %j as the package does', (text) => {
    expect(pieces.encode(text)).toEqual(original.encode(text));
  });

  it('cuts any text as the package does', () => {
    const units = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.lorem());
    fc.assert(
      fc.property(units, (text) => {
        expect(pieces.encode(text)).toEqual(original.encode(text));
      }),
      { numRuns: 200 },
    );
  });

  it('cuts texts that are put together from pieces as the package does', () => {
    const piece = fc.constantFrom(...vocabulary.slice(6).map(([text]) => text.replaceAll('\u2581', ' ')));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
        expect(pieces.encode(parts.join(''))).toEqual(original.encode(parts.join('')));
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing in an empty text', () => {
    expect(pieces.encode('')).toEqual([]);
  });

  it('takes what it does not know for one token, however long', () => {
    expect(pieces.encode('щ'.repeat(1000))).toHaveLength(2);
  });
});

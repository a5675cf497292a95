import type { EmbeddingsModel } from '@energetic-ai/embeddings';
import { beforeAll, describe, expect, it } from 'vitest';
import { cosine } from '../../test/angles.js';
import { originalModel } from '../../test/original-model.js';
import { TEXTS } from '../../test/unusual-texts.js';
import { readModelFiles, Weights } from './model-files.js';
import { DIMENSIONS, MAX_TOKENS, SentenceEncoder } from './sentence-encoder.js';
import { SentencePieces } from './sentence-pieces.js';

describe('SentenceEncoder', () => {
  let pieces: SentencePieces;
  let encoder: SentenceEncoder;
  let original: EmbeddingsModel;

  const tokensOf = (text: string) => pieces.encode(text).slice(0, MAX_TOKENS);
  const vectorOf = (text: string) => encoder.encode([tokensOf(text)])[0]!;

  beforeAll(async () => {
    const { weights, vocabulary } = await readModelFiles();
    pieces = new SentencePieces(vocabulary);
    encoder = new SentenceEncoder(weights);
    original = await originalModel();
  });

  it.each(TEXTS)('gives %j the vector that TensorFlow.js gives it', async (text) => {
    const vector = vectorOf(text);
    const theirs = await original.embed(text);
    expect(cosine(vector, theirs)).toBeGreaterThan(0.999_999);
    expect(Math.max(...theirs.map((value, index) => Math.abs(value - vector[index]!)))).toBeLessThan(1e-5);
  });

  it('gives a text the same bits whatever texts are embedded with it', () => {
    const short = TEXTS.map(tokensOf).filter((tokens) => tokens.length < 25);
    expect(short.length).toBeGreaterThan(15);
    for (let first = 0; first + 5 <= short.length; first += 5) {
      const some = short.slice(first, first + 5);
      expect(encoder.encode(some)).toEqual(some.flatMap((tokens) => encoder.encode([tokens])));
    }
  });

  it('makes vectors of length 1, of texts without a token too', () => {
    const vectors = encoder.encode([[], tokensOf('enable dark mode'), []]);
    for (const vector of vectors) {
      expect(vector).toHaveLength(DIMENSIONS);
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
    expect(vectors[1]).toEqual(vectorOf('enable dark mode'));
  });

  it('refuses more tokens than fit into a pass', () => {
    expect(() => encoder.encode([Array.from({ length: 100 }, () => 9), Array.from({ length: 29 }, () => 9)])).toThrow(
      RangeError,
    );
    expect(() => encoder.encode(Array.from({ length: MAX_TOKENS + 1 }, () => []))).toThrow(RangeError);
  });

  it('refuses weights of another model', () => {
    const weights = new Weights(
      [{ name: 'module/Embeddings_en', shape: [2, 2], dtype: 'float32' }],
      new Uint8Array(16),
    );
    expect(() => new SentenceEncoder(weights)).toThrow('4 numbers instead of 2048512 as module/Embeddings_en');
  });

  it('refuses weights that were cut', () => {
    const specs = [{ name: 'a', shape: [4], dtype: 'float32' }];
    expect(() => new Weights(specs, new Uint8Array(12))).toThrow('12 bytes of weights instead of 16');
  });
});

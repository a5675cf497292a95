import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogisticPrior, Verifier } from '@parsimony/semantic-cache/verification';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomOf } from '../statistics/random.js';
import { bestStatic } from './best-static.js';
import { CachedTexts } from './cached-neighbours.js';
import { indexCorpus, type IndexedCorpus } from './indexed-corpus.js';
import type { OpenEmbedder } from './open-embedder.js';
import { foldOf, trainPrior } from './prior-training.js';
import { errorOf, simulateStatic, simulateVerified } from './simulate.js';
import { distinctStream, POPULAR_REQUESTS, popularStream } from './stream.js';

const CLASSES = 60;
const TEXTS = 600;
const DIMENSIONS = 16;
const folder = mkdtempSync(join(tmpdir(), 'simulate-spec-'));
let corpus: IndexedCorpus;
let embedded = 0;

/** Places the texts of a class around one point of the sphere. */
const embedder: OpenEmbedder = {
  id: 'spec',
  dimensions: DIMENSIONS,
  multilingual: false,
  embed: (texts) => {
    embedded += texts.length;
    return Promise.resolve(texts.map(vectorOf));
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function vectorOf(text: string): Float32Array {
  const [, group = '0', number = '0'] = text.split(' ');
  const around = randomOf(Number(group) + 1);
  const own = randomOf(Number(number) + 5_000);
  const vector = Float32Array.from({ length: DIMENSIONS }, () => around() - 0.5 + 0.3 * (own() - 0.5));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const index = (): Promise<IndexedCorpus> =>
  indexCorpus(
    {
      name: 'spec',
      texts: Array.from({ length: TEXTS }, (_, number) => `topic ${String(number % CLASSES)} ${String(number)}`),
      classes: Int32Array.from({ length: TEXTS }, (_, number) => number % CLASSES),
      digest: '',
    },
    embedder,
    folder,
    () => undefined,
  );

beforeAll(async () => {
  corpus = await index();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('embeds each text once, also over runs', async () => {
  expect(embedded).toBe(TEXTS);
  const again = await index();
  expect(embedded).toBe(TEXTS);
  expect(again.vectors).toEqual(corpus.vectors);
  expect(again.neighbours).toEqual(corpus.neighbours);
  expect(readdirSync(folder)).toHaveLength(2);
});

it('finds the nearest of what is cached, with few of them and with many', () => {
  const stream = distinctStream(corpus, 3);
  for (const count of [1, 5, 300]) {
    const cached = new CachedTexts(corpus);
    for (const text of stream.subarray(0, count)) cached.add(text);
    for (const text of stream.subarray(300, 320)) {
      const similarity = (other: number): number => {
        let sum = 0;
        for (let dimension = 0; dimension < DIMENSIONS; dimension += 1) {
          sum +=
            (corpus.vectors[text * DIMENSIONS + dimension] ?? 0) *
            (corpus.vectors[other * DIMENSIONS + dimension] ?? 0);
        }
        return sum;
      };
      const best = [...stream.subarray(0, count)].sort((left, right) => similarity(right) - similarity(left))[0];
      expect(cached.nearest(text)[0]?.text).toBe(best);
    }
  }
});

it('counts false hits of a threshold, and finds the best one', () => {
  const stream = distinctStream(corpus, 1);
  const never = simulateStatic(corpus, stream, 1.01);
  expect(never).toMatchObject({ requests: TEXTS, hits: 0, falseHits: 0 });
  const always = simulateStatic(corpus, stream, -1);
  expect(always.hits).toBe(TEXTS - 1);
  expect(errorOf(always)).toBeGreaterThan(0.9);
  const best = bestStatic(corpus, stream, 0.05);
  expect(errorOf(best)).toBeLessThanOrEqual(0.05);
  expect(best.hits).toBeGreaterThan(TEXTS / 2);
});

it('repeats popular texts, and takes a cached one for an exact hit', () => {
  const stream = popularStream(corpus, 1);
  expect(stream).toHaveLength(POPULAR_REQUESTS);
  const { exactHits, hits } = simulateStatic(corpus, stream, 1.01);
  expect(hits).toBe(0);
  expect(exactHits).toBe(POPULAR_REQUESTS - new Set(stream).size);
});

it('keeps to the error with a prior that was learned here', () => {
  const verifier = new Verifier(new LogisticPrior(trainPrior([corpus])));
  const outcome = simulateVerified(corpus, distinctStream(corpus, 2), { verifier, maxErrorRate: 0.02, seed: 2 });
  expect(errorOf(outcome)).toBeLessThanOrEqual(0.02);
  expect(outcome.hits).toBeGreaterThan(0);
});

it('halves the classes', () => {
  const first = Array.from({ length: 10_000 }, (_, number) => foldOf(number)).filter((fold) => fold === 0).length;
  expect(first).toBeGreaterThan(4_800);
  expect(first).toBeLessThan(5_200);
});

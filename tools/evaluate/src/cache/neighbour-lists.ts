import { Index, MetricKind, ScalarKind } from 'usearch';

/** Neighbours kept of each text: in a stream that holds a tenth of all texts, ten of these are there on average. */
export const LIST_LENGTH = 100;

const BATCH = 1_000;
const CONNECTIVITY = 32;
const EXPANSION = 200;

/** For each text the nearest of all others, nearest first; `-1` ends a list that is shorter. */
export interface NeighbourLists {
  readonly neighbours: Int32Array;
  /** Cosine similarities. */
  readonly similarities: Float32Array;
}

/**
 * Nearest neighbours among all texts, computed once; the streams of all seeds and all policies pick from them what is
 * cached at the time.
 *
 * @param vectors `count × dimensions` numbers, each vector of length 1.
 */
export function neighbourLists(vectors: Float32Array, dimensions: number): NeighbourLists {
  const count = vectors.length / dimensions;
  const index = new Index(dimensions, MetricKind.Cos, ScalarKind.F32, CONNECTIVITY, EXPANSION, EXPANSION);
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(count, start + BATCH);
    const keys = BigUint64Array.from({ length: end - start }, (_, offset) => BigInt(start + offset));
    index.add(keys, vectors.subarray(start * dimensions, end * dimensions), 0);
  }
  const neighbours = new Int32Array(count * LIST_LENGTH).fill(-1);
  const similarities = new Float32Array(count * LIST_LENGTH);
  for (let text = 0; text < count; text += 1) {
    const query = vectors.subarray(text * dimensions, (text + 1) * dimensions);
    const { keys, distances } = index.search(query, Math.min(count, LIST_LENGTH + 1), 0);
    let place = text * LIST_LENGTH;
    for (const [rank, key] of keys.entries()) {
      if (Number(key) === text || place === (text + 1) * LIST_LENGTH) continue;
      neighbours[place] = Number(key);
      similarities[place] = 1 - (distances[rank] ?? 1);
      place += 1;
    }
  }
  return { neighbours, similarities };
}

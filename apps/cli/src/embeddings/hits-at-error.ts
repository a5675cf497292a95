import type { ScoredPair } from './labelled-pair.js';

/**
 * Which pairs a threshold would answer that keeps to an error rate. The threshold for one half of the pairs is chosen on the
 * other half, since one that is chosen where it is measured always looks better than it is.
 *
 * @param maxErrorRate wrong hits ÷ all pairs, 0 to 1.
 * @param halfOf which half the pair of an index belongs to.
 * @returns for each pair, in its order, whether it is a hit.
 */
export function hitsAtError(
  pairs: readonly ScoredPair[],
  maxErrorRate: number,
  halfOf: (index: number) => 0 | 1 = scattered,
): boolean[] {
  const halves = [0, 1].map((half) => pairs.filter((_, index) => halfOf(index) === half));
  const thresholds = halves.map((half) => lowestThreshold(half, maxErrorRate));
  return pairs.map(({ similarity }, index) => similarity >= (thresholds[1 - halfOf(index)] ?? Infinity));
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Every other pair would fall in with a log in which right and wrong take turns; multiples of the golden ratio fall in with nothing. */
function scattered(index: number): 0 | 1 {
  return (index * GOLDEN_RATIO) % 1 < 0.5 ? 0 : 1;
}

/** The lowest similarity down to which no more than the allowed share of all pairs is wrong; Infinity where there is none. */
function lowestThreshold(pairs: readonly ScoredPair[], maxErrorRate: number): number {
  const sorted = pairs.toSorted((one, other) => other.similarity - one.similarity);
  const allowed = maxErrorRate * pairs.length;
  let lowest = Infinity;
  let wrong = 0;
  for (const [index, pair] of sorted.entries()) {
    if (!pair.right) wrong += 1;
    // Pairs of one similarity stand or fall together.
    if (wrong <= allowed && sorted[index + 1]?.similarity !== pair.similarity) lowest = pair.similarity;
  }
  return lowest;
}

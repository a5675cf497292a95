import type { ScoredPair } from './labelled-pair.js';

/**
 * The probability that a pair whose answer was right is nearer than one whose answer was wrong, ties counting one half:
 * the area under the ROC curve, by ranks (Mann and Whitney 1947).
 *
 * @returns 0.5 for an embedder that knows nothing; null where all pairs are right, or all wrong.
 */
export function areaUnderCurve(pairs: readonly ScoredPair[]): number | null {
  const sorted = pairs.toSorted((one, other) => one.similarity - other.similarity);
  const right = pairs.filter((pair) => pair.right).length;
  const wrong = pairs.length - right;
  if (right === 0 || wrong === 0) return null;
  let rankSum = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]?.similarity === sorted[start]?.similarity) end += 1;
    // Ranks count from 1; equals share the middle of theirs.
    const rank = (start + 1 + end) / 2;
    rankSum += rank * sorted.slice(start, end).filter((pair) => pair.right).length;
    start = end;
  }
  return (rankSum - (right * (right + 1)) / 2) / (right * wrong);
}

import type { IndexedCorpus } from './indexed-corpus.js';
import { errorOf, simulateStatic, type Outcome } from './simulate.js';
import type { Stream } from './stream.js';

const STEPS = 10;
/** No embedder that is worth its while needs to go below. */
const LOWEST = 0.6;

/**
 * The lowest fixed threshold that keeps the error on this very stream, found by trying: nobody could have known it
 * before. It is chosen for each seed anew, which is kinder to it than one threshold for all.
 */
export function bestStatic(corpus: IndexedCorpus, stream: Stream, maxErrorRate: number): Outcome {
  let low = LOWEST;
  let high = 1.001;
  let best = simulateStatic(corpus, stream, high);
  for (let step = 0; step < STEPS; step += 1) {
    const threshold = (low + high) / 2;
    const outcome = simulateStatic(corpus, stream, threshold);
    if (errorOf(outcome) <= maxErrorRate) {
      high = threshold;
      if (outcome.hits > best.hits) best = outcome;
    } else {
      low = threshold;
    }
  }
  return best;
}

import type { CallContext, Embedder } from '@parsimony/contract';
import { contradict, signatureOf } from '../verification/index.js';
import type { Comparer, Pair } from './comparer.js';

/** From here on two answers count as saying the same. */
const SAME_MEANING = 0.9;

/**
 * Similarity of meaning, which sees what is spoken of better than what is said of it: answers whose numbers differ, of
 * which one negates, or that stand on two sides of a pair of opposites are different whatever their similarity.
 */
export function embeddingComparer(embedder: Embedder, threshold = SAME_MEANING): Comparer {
  return async (pair, context) => {
    if (plainlyDiffer(pair)) return false;
    try {
      return (await similarityOf(embedder, pair, context)) >= threshold;
    } catch {
      return undefined;
    }
  };
}

async function similarityOf(embedder: Embedder, { kept, fresh }: Pair, context: CallContext): Promise<number> {
  const [left, right] = await embedder.embed([kept.text, fresh.text], context);
  if (!left || !right) throw new RangeError('the embedder gave too few vectors');
  // Both have length 1.
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

function plainlyDiffer({ kept, fresh }: Pair): boolean {
  const left = signatureOf(kept.text);
  const right = signatureOf(fresh.text);
  return left.numbers.length !== right.numbers.length || contradict(left, right);
}

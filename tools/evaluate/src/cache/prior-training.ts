import { designOf, evidenceOf, standingOf, type PriorWeights } from '@parsimony/semantic-cache/verification';
import { logisticRegression, scoreOf, type Example } from '../statistics/logistic-regression.js';
import { CachedTexts } from './cached-neighbours.js';
import type { IndexedCorpus } from './indexed-corpus.js';
import { distinctStream } from './stream.js';

export type Fold = 0 | 1;

const SEED = 20_261;
const PENALTY = 3;
/** Log-odds below which a neighbour is never in question: leaving them out bends the weights to those that are. */
const IN_QUESTION = -2;

/** Halves the classes, the same way each time: a class, and so each of its texts, is in one of them. */
export function foldOf(classNumber: number): Fold {
  return ((Math.imul(classNumber + 1, 0x9e3779b1) >>> 8) & 1) as Fold;
}

/**
 * Learns the prior from streams in which everything was asked afresh: each cached neighbour of each request is an example.
 *
 * @param fold where given, only pairs both of whose classes are in that half are learned from.
 */
export function trainPrior(corpora: readonly IndexedCorpus[], fold?: Fold): PriorWeights {
  const examples = corpora.flatMap((corpus) => examplesOf(corpus, fold));
  const rough = logisticRegression(examples, PENALTY);
  const inQuestion = examples.filter(({ features }) => scoreOf(rough, features) > IN_QUESTION);
  return logisticRegression(inQuestion, PENALTY).map((weight) => Math.round(weight * 1_000) / 1_000);
}

function examplesOf(corpus: IndexedCorpus, fold: Fold | undefined): readonly Example[] {
  const { signatures, classes } = corpus;
  const learnable = (text: number): boolean => fold === undefined || foldOf(classes[text] ?? 0) === fold;
  const cached = new CachedTexts(corpus);
  const examples: Example[] = [];
  for (const text of distinctStream(corpus, SEED)) {
    const signature = signatures[text];
    const neighbours = learnable(text) ? cached.nearest(text) : [];
    for (const neighbour of neighbours) {
      if (signature === undefined || !learnable(neighbour.text)) continue;
      const standing = standingOf(neighbour, neighbours);
      const evidence = evidenceOf(signature, neighbour.signature, neighbour.similarity, standing);
      examples.push({ features: designOf(evidence), right: classes[text] === classes[neighbour.text] });
    }
    cached.add(text);
  }
  return examples;
}

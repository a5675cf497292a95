import { evidenceOf, LogisticPrior, QUESTION_WEIGHTS, signatureOf } from '@parsimony/semantic-cache/verification';
import type { Figure } from '../report/measure.js';
import { areaUnderCurve } from '../statistics/auc.js';
import type { Pair } from './corpus.js';
import { embedTexts } from './embed-texts.js';
import type { OpenEmbedder } from './open-embedder.js';

/** A pair stands alone: no rival, no others that agree. */
const ALONE = { rival: undefined, agreement: 1, support: 0 } as const;
/** The similarity that lexical evidence is judged at where the vectors say nothing. */
const NEUTRAL = 0.8;

/** How well Russian paraphrases are told from other pairs: by the prior, by words alone, and by the vectors alone. */
export async function paraphraseFigures(
  name: string,
  rows: readonly Pair[],
  embedder: OpenEmbedder,
  folder: string,
): Promise<readonly Figure[]> {
  const pairs = rows.filter(({ label }) => label !== null);
  const vectors = await embedTexts(
    pairs.flatMap(({ text_a, text_b }) => [text_a, text_b]),
    embedder,
    folder,
    () => undefined,
  );
  const prior = new LogisticPrior(QUESTION_WEIGHTS);
  const scored = pairs.map(({ text_a, text_b, label }, index) => {
    const similarity = similarityOf(vectors, 2 * index, embedder.dimensions);
    const [left, right] = [signatureOf(text_a), signatureOf(text_b)];
    const score = (at: number): number => prior.logOdds(evidenceOf(left, right, at, { ...ALONE, density: at }));
    return { positive: label === 1, similarity, score: score(similarity), lexical: score(NEUTRAL) };
  });
  const auc = (of: (row: (typeof scored)[number]) => number): number =>
    areaUnderCurve(scored.map((row) => ({ positive: row.positive, score: of(row) })));
  const figure = (measure: string, value: number, what: string): Figure => ({
    name: `${name}.${measure}`,
    value,
    interval: aucInterval(value, scored.filter(({ positive }) => positive).length, scored.length),
    baseline: auc(({ similarity }) => similarity),
    target: 0.5,
    goal: 'reported',
    n: scored.length,
    what,
  });
  const languages = embedder.multilingual ? 'multilingual' : 'English only: its vectors say little of Russian';
  return [
    figure(
      'auc',
      auc(({ score }) => score),
      `prior with ${embedder.id} (${languages}); baseline: its cosine alone`,
    ),
    figure(
      'lexical_auc',
      auc(({ lexical }) => lexical),
      'prior by words alone, similarity held at 0.8',
    ),
  ];
}

function similarityOf(vectors: Float32Array, first: number, dimensions: number): number {
  let sum = 0;
  for (let index = 0; index < dimensions; index += 1) {
    sum += (vectors[first * dimensions + index] ?? 0) * (vectors[(first + 1) * dimensions + index] ?? 0);
  }
  return sum;
}

/** 95 % interval of an area under the curve. @see Hanley and McNeil, Radiology 143 (1982), 29-36. */
function aucInterval(value: number, positives: number, all: number): readonly [number, number] {
  const negatives = all - positives;
  const both = value / (2 - value) - value ** 2;
  const square = (2 * value ** 2) / (1 + value) - value ** 2;
  const variance = (value * (1 - value) + (positives - 1) * both + (negatives - 1) * square) / (positives * negatives);
  const half = 1.96 * Math.sqrt(variance);
  return [value - half, value + half];
}

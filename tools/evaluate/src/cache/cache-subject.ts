import type { EvaluationOptions } from '../evaluation-options.js';
import type { Figure } from '../report/measure.js';
import { hardNegativeFigures } from './hard-negative-figures.js';
import { intentFigures } from './intent-figures.js';
import { openEmbedder } from './open-embedder.js';
import { paraphraseFigures } from './paraphrase-figures.js';
import { priorsFor } from './priors.js';
import { questionFigures } from './question-figures.js';
import { cacheSets, trainingSets } from './sets.js';

/** How often verified hits are wrong, and what they save. @throws MissingData, EmbedderUnavailable */
export async function evaluateCache({ train, ...options }: EvaluationOptions): Promise<readonly Figure[]> {
  const { log, seeds, cache } = options;
  await using embedder = await openEmbedder();
  const sets = await cacheSets(options, embedder);
  const training = train === undefined ? undefined : await trainingSets({ ...options, data: train }, embedder);
  const priors = priorsFor(sets, training);
  log(`embedder: ${embedder.id}; prior: ${priors.origin}`);
  const figures: Figure[] = [];
  const add = (title: string, more: readonly Figure[]): void => {
    log(`${title}: done`);
    figures.push(...more);
  };
  add('qqp', questionFigures(sets.qqp, priors.questions, seeds));
  add('clinc150', intentFigures(sets.clinc150, priors.classes, seeds));
  add('banking77', intentFigures(sets.banking77, priors.classes, seeds));
  add('qqp hard negatives', hardNegativeFigures(sets.qqp, sets.pairs, priors.questions, seeds));
  add('paraphraser_ru', await paraphraseFigures('paraphraser_ru', sets.paraphrases, embedder, cache));
  return figures;
}

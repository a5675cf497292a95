import {
  CLASS_WEIGHTS,
  LEARNED_FROM,
  LogisticPrior,
  QUESTION_WEIGHTS,
  type Evidence,
  type Prior,
  type PriorWeights,
} from '@parsimony/semantic-cache/verification';
import type { IndexedCorpus } from './indexed-corpus.js';
import { foldOf, trainPrior, type Fold } from './prior-training.js';

/** The sets of a folder that priors are learned from. */
export interface TrainingSets {
  readonly qqp: IndexedCorpus;
  readonly clinc150: IndexedCorpus;
  readonly banking77: IndexedCorpus;
}

/** A prior that has not learned from what it judges. */
export interface HeldOutPrior extends Prior {
  /** To be told before each decision the class of the text that is asked. */
  asking(classNumber: number): void;
}

export interface Priors {
  readonly questions: HeldOutPrior;
  readonly classes: HeldOutPrior;
  /** Where they come from, in words. */
  readonly origin: string;
}

/**
 * Priors for an evaluation: learned from other data where there is any, else the shipped ones, unless these were learned
 * from this very data; then cross-validated inside it, by halves of the classes.
 */
export function priorsFor(evaluated: TrainingSets, training: TrainingSets | undefined): Priors {
  if (training) {
    return {
      questions: new WholePrior(trainPrior([training.qqp])),
      classes: new WholePrior(trainPrior([training.clinc150, training.banking77])),
      origin: 'learned from --train',
    };
  }
  if (![evaluated.qqp, evaluated.clinc150, evaluated.banking77].some(({ digest }) => LEARNED_FROM.includes(digest))) {
    return {
      questions: new WholePrior(QUESTION_WEIGHTS),
      classes: new WholePrior(CLASS_WEIGHTS),
      origin: 'the shipped weights, which have not seen this data',
    };
  }
  return {
    questions: crossFitted([evaluated.qqp]),
    classes: crossFitted([evaluated.clinc150, evaluated.banking77]),
    origin: 'cross-validated by halves of the classes, since the shipped weights were learned from this data',
  };
}

class WholePrior extends LogisticPrior implements HeldOutPrior {
  asking(): void {
    // One prior judges all.
  }
}

/** A request is judged by weights learned from pairs whose classes are both in the half that is not the request's. */
class CrossFittedPrior implements HeldOutPrior {
  private fold: Fold = 0;
  private readonly priors: readonly [LogisticPrior, LogisticPrior];

  constructor(forFirst: PriorWeights, forSecond: PriorWeights) {
    this.priors = [new LogisticPrior(forFirst), new LogisticPrior(forSecond)];
  }

  asking(classNumber: number): void {
    this.fold = foldOf(classNumber);
  }

  logOdds(evidence: Evidence): number {
    return this.priors[this.fold].logOdds(evidence);
  }
}

function crossFitted(corpora: readonly IndexedCorpus[]): HeldOutPrior {
  return new CrossFittedPrior(trainPrior(corpora, 1), trainPrior(corpora, 0));
}

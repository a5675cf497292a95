import { CLASSIFICATION } from '../semantic/kinds.js';
import { CLASS_WEIGHTS, LogisticPrior, QUESTION_WEIGHTS, type Prior } from '../verification/index.js';

const CLASSES = new LogisticPrior(CLASS_WEIGHTS);
const QUESTIONS = new LogisticPrior(QUESTION_WEIGHTS);

/** What is believed of answers of a kind before the tenant has taught anything. */
export function priorOf(kind: string): Prior {
  return kind === CLASSIFICATION ? CLASSES : QUESTIONS;
}

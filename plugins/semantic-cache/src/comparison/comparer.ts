import type { CallContext } from '@parsimony/contract';
import type { AnswerContent } from './answer-content.js';

/** Two answers, and what was asked. */
export interface Pair {
  readonly question: string;
  readonly kept: AnswerContent;
  readonly fresh: AnswerContent;
}

/** Whether a kept answer would have done in place of the fresh one; undefined where that could not be told. */
export type Verdict = boolean | undefined;

/**
 * Holds a kept answer against a fresh one, behind the caller's back. It never throws: what it cannot tell is not learnt.
 *
 * @param context to whose account side questions are booked; its signal ends them.
 */
export type Comparer = (pair: Pair, context: CallContext) => Promise<Verdict>;

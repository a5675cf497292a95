import type { CacheOutcome, Decision, ModelTarget, PicoDollars, ReplyEvent, Usage } from '@parsimony/contract';
import { decodeAnswer } from './encoded-answer.js';

/** What is given again, and how it is booked. */
export interface Replay {
  readonly entry: { readonly answer: Uint8Array; readonly usage: Usage };
  readonly target: ModelTarget;
  readonly cache: CacheOutcome;
  /** Its `detail.cause` says by what cause the call was saved. */
  readonly decision: Decision;
  /** What the call would have cost. */
  readonly saved: PicoDollars;
}

/**
 * The events of a kept answer: the provider's own bytes in the pieces in which they came, the usage that it had, no cost.
 * What it saved stands in the decision alone, since the host adds up what decisions and the end say.
 */
export function replay({ entry, target, cache, decision, saved }: Replay): readonly ReplyEvent[] {
  return [
    { type: 'start', target, cache },
    { type: 'decision', decision, saved },
    ...decodeAnswer(entry.answer),
    { type: 'end', usage: entry.usage, cost: 0n, saved: 0n, settlement: 'exact' },
  ];
}

import type { Call, ModelTarget } from '@parsimony/contract';
import type { Purpose, RungOutcome } from '../ledger/ledger-row.js';

/** A provider call that is over, for traces and for the provider's health. */
export interface FinishedAttempt {
  readonly call: Call;
  readonly target: ModelTarget;
  readonly rung: number;
  readonly purpose: Purpose;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly latencyMs: number;
  /** Until the first part of the answer; null where none came. */
  readonly firstEventMs: number | null;
  readonly outcome: RungOutcome;
  /** Of the error that ended it; null where it was answered, or read on after its caller left without one. */
  readonly errorCode: string | null;
}

import type { Call, ModelTarget, PicoDollars, RungStatus, Settlement, Usage } from '@parsimony/contract';

/** A provider call that is over, as the meter tells of it. */
export interface FinishedAttempt {
  readonly call: Call;
  readonly target: ModelTarget;
  /** Its number among the provider calls of the call, from 0. */
  readonly rung: number;
  readonly purpose: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly latencyMs: number;
  /** From the start to the first event that bears content; null where none came. */
  readonly firstEventMs: number | null;
  readonly outcome: {
    readonly status: RungStatus;
    readonly settlement: Settlement;
    readonly usage: Usage;
    readonly cost: PicoDollars;
    readonly providerStatus: number | null;
  };
  readonly errorCode: string | null;
}

/** What `error.type` says of an attempt: the provider's status where it answered with one, else our code. */
export function errorTypeOf({ outcome, errorCode }: FinishedAttempt): string | undefined {
  if (outcome.status !== 'failed') return undefined;
  const { providerStatus } = outcome;
  return providerStatus !== null && providerStatus >= 400 ? String(providerStatus) : (errorCode ?? '_OTHER');
}

import { isParsimonyError, type Call, type Decision, type ModelTarget } from '@parsimony/contract';
import { retryAfterMs } from './retry-after.js';
import { backoffMs, type RetryPolicy } from './retry-policy.js';
import { verdictOf } from './verdict.js';

/** What the next attempt is to the call. */
export type Purpose = 'retry' | 'fallback';

/** The next attempt: where it goes, and when. */
export interface NextAttempt {
  readonly target: ModelTarget;
  readonly purpose: Purpose;
  readonly waitMs: number;
  readonly decision: Decision;
}

export interface PlanOptions {
  readonly call: Call;
  readonly policy: RetryPolicy;
  readonly alternatives: readonly ModelTarget[];
  /** Until when a target asked to be left alone; milliseconds since the Unix epoch, 0 for not at all. */
  readonly coolingUntil: (target: ModelTarget) => number;
  /** Takes the price of a retry at this provider from its budget, if it can pay. */
  readonly mayRetry: (target: ModelTarget) => boolean;
  readonly random: () => number;
}

interface Candidate {
  readonly target: ModelTarget;
  made: number;
  /** Not before this moment; milliseconds since the Unix epoch. */
  notBefore: number;
  /** It will not be tried again. */
  spent: boolean;
}

/** Decides, attempt by attempt, what is tried next for one call. Made only once something has failed. */
export class AttemptPlan {
  readonly #candidates: readonly Candidate[];
  #current: Candidate;
  #worst: unknown;

  constructor(private readonly options: PlanOptions) {
    const { target } = options.call;
    const untried = (each: ModelTarget): Candidate => ({
      target: each,
      made: 0,
      notBefore: options.coolingUntil(each),
      spent: false,
    });
    this.#current = untried(target);
    const others = options.alternatives.filter((other, index, all) => {
      return !isSame(other, target) && all.findIndex((each) => isSame(each, other)) === index;
    });
    this.#candidates = [this.#current, ...others.map(untried)];
  }

  /** The error that the caller is to see where no attempt is left. */
  get error(): unknown {
    return this.#worst;
  }

  /** @returns what to try after this failure of the latest attempt; undefined where there is nothing. */
  after(error: unknown): NextAttempt | undefined {
    const { policy, random } = this.options;
    const failed = this.#current;
    const verdict = this.#verdict(error);
    if (verdict === 'pass-on') return undefined;
    const now = Date.now();
    failed.made++;
    failed.spent = verdict === 'fallback' || failed.made >= policy.attempts;
    const backoff = backoffMs(policy, failed.made, random());
    failed.notBefore = now + (retryAfterMs(error, now) ?? 0) + backoff;
    return this.#next(now, describe(error));
  }

  /** @returns what to try instead of the call's own target while that asks to be left alone, if there is anything. */
  instead(): NextAttempt | undefined {
    const now = Date.now();
    const other = this.#untried(now);
    return other && this.#go(other, now, { error: 'provider_cooling', status: null });
  }

  /** An alternative that cannot take the call is passed over: the caller did not name it. */
  #verdict(error: unknown): ReturnType<typeof verdictOf> {
    const verdict = verdictOf(error);
    const isAlternative = this.#current !== this.#candidates[0];
    const passesOver = isAlternative && verdict === 'pass-on' && isRefusalOfRequest(error);
    if (!passesOver || this.#worst === undefined) this.#worst = error;
    return passesOver ? 'fallback' : verdict;
  }

  #next(now: number, failure: Failure): NextAttempt | undefined {
    const { policy } = this.options;
    const last = this.#current;
    const isSoon = last.notBefore - now <= policy.fallbackAfterMs;
    const candidate =
      (isSoon && this.#mayRepeat(last, now) ? last : undefined) ?? this.#untried(now) ?? this.#soonest(now);
    return candidate && this.#go(candidate, now, failure);
  }

  #go(candidate: Candidate, now: number, failure: Failure): NextAttempt {
    const last = this.#current;
    this.#current = candidate;
    const purpose = candidate.made > 0 ? 'retry' : 'fallback';
    const waitMs = Math.max(Math.ceil(candidate.notBefore - now), 0);
    return { target: candidate.target, purpose, waitMs, decision: decide(last, candidate, purpose, waitMs, failure) };
  }

  #untried(now: number): Candidate | undefined {
    return this.#candidates.find(({ made, spent, notBefore }) => made === 0 && !spent && notBefore <= now);
  }

  /** Where only waiting helps: the target that is free first. */
  #soonest(now: number): Candidate | undefined {
    return this.#candidates
      .filter(({ spent }) => !spent)
      .toSorted((one, other) => one.notBefore - other.notBefore)
      .find((candidate) => this.#mayRepeat(candidate, now));
  }

  #mayRepeat(candidate: Candidate, now: number): boolean {
    const { call, policy, mayRetry } = this.options;
    if (candidate.spent || candidate.notBefore >= call.deadlineAt) return false;
    if (candidate.notBefore - now > policy.longestWaitMs) return false;
    return candidate.made === 0 || mayRetry(candidate.target);
  }
}

interface Failure {
  readonly error: string;
  readonly status: number | null;
}

function isSame(one: ModelTarget, other: ModelTarget): boolean {
  return one.provider === other.provider && one.model === other.model;
}

/** A 4xx other than that the call costs too much, which holds for any target. */
function isRefusalOfRequest(error: unknown): boolean {
  return isParsimonyError(error) && error.status >= 400 && error.status < 500 && !CALL_IS_OVER.has(error.code);
}

const CALL_IS_OVER: ReadonlySet<string> = new Set(['budget_exceeded', 'call_cancelled']);

function describe(error: unknown): Failure {
  return isParsimonyError(error)
    ? { error: error.code, status: error.status }
    : { error: 'internal_error', status: null };
}

/** Neither message nor answer of the provider stands in it: they may quote the prompt. */
function decide(last: Candidate, next: Candidate, purpose: Purpose, waitMs: number, failure: Failure): Decision {
  const [from, to] = [nameOf(last.target), nameOf(next.target)];
  const why = failure.status === null ? failure.error : `${failure.error}, ${failure.status}`;
  const what = purpose === 'retry' ? `tried ${to} again` : `went to ${to}`;
  const wait = waitMs === 0 ? '' : ` after ${waitMs} ms`;
  return {
    plugin: 'reliability',
    summary: `${from} failed (${why}); ${what}${wait}`,
    detail: { ...failure, from, to, purpose, waitMs, attempts: last.made },
  };
}

function nameOf({ provider, model }: ModelTarget): string {
  return `${provider}/${model}`;
}

import { recordDecision, type Call, type ModelTarget, type Next, type ReplyEvent } from '@parsimony/contract';
import { outcomeOf } from './health/attempt-outcome.js';
import type { Place } from './health/place.js';
import type { ProviderGate } from './health/provider-gate.js';
import type { ResilienceSettings } from './resilience-options.js';
import { AttemptPlan, type NextAttempt } from './retry/attempt-plan.js';
import { retryAfterMs } from './retry/retry-after.js';

type Step = IteratorResult<ReplyEvent, undefined>;

/** What is done about a step that came, and about one that failed. */
interface Watch {
  readonly came: (step: Step) => void;
  readonly failed: (error: unknown) => void;
}

const DONE: Step = { done: true, value: undefined };
const OVER: Promise<Step> = Promise.resolve(DONE);

/** A provider may ask for hours: by then it is better asked again. */
const LONGEST_REST_MS = 60_000;

/**
 * The reply of a call that may take several attempts. Written by hand, since a second generator would cost every event
 * of every stream some turns of the microtask queue: `start` is held back until the first content has come, and from
 * then on what `next` returns are the attempt's own promises, which are watched but not waited for.
 */
export class ResilientReply implements AsyncIterableIterator<ReplyEvent, undefined> {
  #phase: 'fresh' | 'opening' | 'held' | 'flowing' | 'over' = 'fresh';
  #opening: Promise<Step> = OVER;
  #held: Promise<Step> = OVER;
  #inner: AsyncIterator<ReplyEvent, undefined> | undefined;
  #place: Place | undefined;
  #plan: AttemptPlan | undefined;
  #leaving: AbortController | undefined;
  /** Made for streams only, whose later events are watched. */
  #watch: Watch | undefined;

  constructor(
    private readonly egress: Next,
    private readonly settings: ResilienceSettings,
    private call: Call,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    switch (this.#phase) {
      case 'flowing':
        return this.#pull();
      case 'fresh':
        this.#phase = 'opening';
        return (this.#opening = this.#open());
      case 'held':
        this.#phase = 'flowing';
        return this.#held;
      case 'opening':
        return this.#opening.then(
          () => this.next(),
          () => DONE,
        );
      case 'over':
        return OVER;
    }
  }

  /** Leaves the reply in whatever state it is; resolves when the attempt under way has run its `finally`. */
  async return(): Promise<Step> {
    const phase = this.#phase;
    this.#phase = 'over';
    if (phase === 'fresh' || phase === 'over') return DONE;
    this.#leaving?.abort();
    try {
      await this.#inner?.return?.();
      await this.#opening.catch(() => undefined);
    } finally {
      this.#place?.leave('inconclusive');
    }
    return DONE;
  }

  get #hasLeft(): boolean {
    return this.#phase === 'over';
  }

  /** Attempts, up to the first content of one. A single asynchronous function: each further one would cost every call. */
  async #open(): Promise<Step> {
    let gate = this.#gateOf(this.call.target);
    gate.retries.deposit();
    if (gate.model(this.call.target.model).coolingUntil !== 0) gate = this.#avoidCooling() ?? gate;
    for (;;) {
      let hasEntered = false;
      try {
        const { target } = this.call;
        const entering = gate;
        const place = gate.tryEnter(target) ?? (await this.#interruptible((signal) => entering.enter(target, signal)));
        this.#place = place;
        if (this.#hasLeft) return DONE;
        hasEntered = true;
        const inner = this.egress(this.call)[Symbol.asyncIterator]() as AsyncIterator<ReplyEvent, undefined>;
        this.#inner = inner;
        const start = await inner.next();
        this.#note(start);
        if (this.#hasLeft || start.done === true) return start;
        const held = inner.next();
        this.#note(await held);
        place.answered();
        if (this.#hasLeft) return start;
        this.#held = held;
        this.#phase = 'held';
        return start;
      } catch (error) {
        if (hasEntered) {
          this.#inner = undefined;
          this.#leaveAfter(error);
        }
        if (this.#hasLeft) return DONE;
        gate = await this.#prepareNext(error);
      }
    }
  }

  /** The attempt's own promise; that it is watched makes nobody wait. Once the place is left, there is nothing to watch. */
  #pull(): Promise<Step> {
    const step = this.#inner?.next() ?? OVER;
    if (this.#place?.isTaken) {
      const { came, failed } = (this.#watch ??= this.#watching());
      step.then(came, failed);
    }
    return step;
  }

  #watching(): Watch {
    return { came: (step) => this.#note(step), failed: (error) => this.#leaveAfter(error) };
  }

  /** The provider has done its part with the end, or with an answer that comes in one piece. */
  #note(step: Step): void {
    if (step.done === true || step.value.type === 'end' || step.value.type === 'answer') this.#place?.leave('ok');
  }

  #leaveAfter(error: unknown): void {
    const restMs = Math.min(retryAfterMs(error, Date.now()) ?? 0, LONGEST_REST_MS);
    this.#place?.leave(this.call.signal.aborted ? 'inconclusive' : outcomeOf(error), restMs);
  }

  /** @throws the error that the caller is to see, where no further attempt is made. */
  async #prepareNext(error: unknown): Promise<ProviderGate> {
    const { signal, deadlineAt } = this.call;
    if (signal.aborted) throw error;
    const plan = this.#planned();
    const next = plan.after(error);
    if (!next) throw plan.error;
    if (next.waitMs > 0) await this.#interruptible((leaving) => this.settings.sleep(next.waitMs, leaving));
    signal.throwIfAborted();
    if (Date.now() >= deadlineAt) throw plan.error;
    return this.#turnTo(next);
  }

  #avoidCooling(): ProviderGate | undefined {
    const next = this.#planned().instead();
    return next && this.#turnTo(next);
  }

  #turnTo({ target, purpose, decision }: NextAttempt): ProviderGate {
    this.call = this.settings.mark(recordDecision({ ...this.call, target }, decision), purpose);
    const gate = this.#gateOf(target);
    const health = gate.model(target.model);
    if (purpose === 'retry') health.retries++;
    else health.fallbacks++;
    return gate;
  }

  #planned(): AttemptPlan {
    const { call, settings } = this;
    return (this.#plan ??= new AttemptPlan({
      call,
      policy: settings.policy,
      alternatives: settings.alternatives(call.target, call),
      coolingUntil: (target) => this.#gateOf(target).model(target.model).coolingUntil,
      mayRetry: (target) => this.#gateOf(target).retries.tryWithdraw(),
      random: settings.random,
    }));
  }

  #gateOf({ provider }: ModelTarget): ProviderGate {
    return this.settings.health.gate(this.settings.healthNameOf(provider));
  }

  /** Waits for something besides the provider: a caller who leaves, or whose signal fires, ends it at once. */
  async #interruptible<T>(wait: (leaving: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.call;
    const leaving = (this.#leaving = new AbortController());
    const leave = (): void => leaving.abort();
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      return await wait(leaving.signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

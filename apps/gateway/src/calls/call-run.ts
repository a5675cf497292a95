import { CallCancelled, InternalError } from '@parsimony/contract';
import type {
  CacheOutcome,
  Call,
  CallStatus,
  DeadlineExceeded,
  Decision,
  ModelTarget,
  Next,
  ParsimonyError,
  PicoDollars,
  ReplyAnswer,
  ReplyDecision,
  ReplyDelta,
  ReplyEnd,
  ReplyEvent,
  ReplyStart,
} from '@parsimony/contract';
import type { CallMeter, RosterEntry } from '@parsimony/metering';
import type { TracedCall } from '@parsimony/telemetry';
import type { RateTicket } from '../admission/rate-ticket.js';
import type { Admission, AdmittedCall, EconomyOf } from './admission.js';
import { toCallerError } from './caller-error.js';
import { noteSaved } from './note-saved.js';

/** What a responder has to write. */
export type RunEvent = ReplyStart | ReplyDelta | ReplyAnswer | ReplyEnd;

export interface CallObserver {
  finished(call: TracedCall): void;
  fault(error: unknown, callId: string): void;
}

/** One call on its way through its tenant's stack, from arrival to its closing in the ledger. */
export class CallRun implements RosterEntry {
  rosterIndex = -1;
  cache: CacheOutcome | null = null;
  /** Of an answer that is neither JSON nor server-sent events. */
  contentType: string | undefined;
  /** To how many output tokens the answer was limited, where a budget had no room for what was asked. */
  maxTokens: number | undefined;
  /** What the call has taken of its rate limits. */
  rates: RateTicket | undefined;
  saved: PicoDollars = 0n;
  readonly #startedAt = performance.now();
  readonly #decisions: Decision[] = [];
  #target: ModelTarget;
  #events: AsyncIterator<ReplyEvent> | undefined;
  #over = false;

  constructor(
    readonly call: Call,
    private readonly runtime: { readonly stack: Next; readonly economyOf: EconomyOf },
    private readonly admission: Admission,
    private readonly meter: CallMeter,
    private readonly abort: AbortController,
    /** The tenant waits no longer; milliseconds since the Unix epoch. */
    readonly expiresAt: number,
    private readonly observer: CallObserver,
  ) {
    this.#target = call.target;
  }

  /** Where the answer came from. */
  get target(): ModelTarget {
    return this.#target;
  }

  get cost(): PicoDollars {
    return this.meter.cost;
  }

  get latencyMs(): number {
    return performance.now() - this.#startedAt;
  }

  /**
   * The next event that matters to a responder; decisions are kept for the record.
   *
   * @throws what refused the call, or what a layer or the provider threw.
   */
  async next(): Promise<RunEvent> {
    let events = this.#events;
    if (!events) {
      const admitted = this.admission.admit(this.call, this.runtime.economyOf);
      events = this.#enter(admitted instanceof Promise ? await admitted : admitted);
    }
    for (;;) {
      const step = await events.next();
      if (step.done) throw new InternalError('the reply ended before its end');
      const event = step.value;
      switch (event.type) {
        case 'decision':
          this.#decide(event);
          break;
        case 'start':
          this.cache = event.cache;
          this.contentType = event.contentType;
          this.maxTokens = event.maxTokens;
          this.#target = event.target;
          return event;
        case 'end':
          this.saved += event.saved;
          return event;
        default:
          return event;
      }
    }
  }

  /** Call this at `end`, before the last byte goes out: the account is then in the journal. */
  async complete(): Promise<void> {
    await this.#close('ok', null);
    // Layers may still have work to do behind the last event; the caller does not wait for it.
    this.#events?.next().catch((error: unknown) => this.observer.fault(error, this.call.id));
  }

  /** Closes the account of a call that failed and returns the error that the caller is to see. */
  async fail(error: unknown): Promise<ParsimonyError> {
    const seen = toCallerError(error);
    if (seen instanceof InternalError) this.observer.fault(error, this.call.id);
    await this.#close(seen.status < 500 ? 'refused' : 'failed', seen.code);
    this.#dismiss();
    return seen;
  }

  /** Takes too long: what waits for the answer hears the reason. */
  expire(reason: DeadlineExceeded): void {
    if (!this.#over) this.abort.abort(reason);
  }

  /** The caller has left. */
  cancel(): void {
    if (this.#over) return;
    void this.#close('cancelled', 'call_cancelled');
    this.abort.abort(new CallCancelled('the caller has left'));
    this.#dismiss();
  }

  #decide({ decision, saved }: ReplyDecision): void {
    this.#decisions.push(saved === undefined ? decision : noteSaved(decision, saved));
    this.saved += saved ?? 0n;
  }

  #enter(admitted: AdmittedCall | undefined): AsyncIterator<ReplyEvent> {
    if (this.#over) {
      // It was cancelled while it waited: nobody else gives back what was taken for it.
      admitted?.rates?.giveBack();
      throw this.call.signal.reason;
    }
    const call = admitted?.call ?? this.call;
    this.rates = admitted?.rates;
    // Of a call that no provider hears of nobody else says them.
    this.meter.decisions = call.decisions;
    this.#target = call.target;
    return (this.#events = this.runtime.stack(call)[Symbol.asyncIterator]());
  }

  async #close(status: CallStatus, errorCode: string | null): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const { call, meter, cache, saved, latencyMs } = this;
    const decisions = [...meter.decisions, ...this.#decisions];
    const { rates } = this;
    const target = cache === null ? null : this.#target;
    if (rates) meter.onSettled = () => rates.settle(meter.usage);
    const committed = meter.close({ status, errorCode, cache, target, saved, latencyMs, decisions });
    const { operation, stream: streamed } = call;
    this.observer.finished({
      call,
      errorCode,
      saved,
      operation,
      streamed,
      status,
      cache,
      target: meter.target,
      latencyMs,
      usage: meter.usage,
      cost: meter.cost,
    });
    try {
      await committed;
    } catch (error) {
      // What cost money waits in memory for the disk, and its reservation stands in the journal: the answer may go out.
      this.observer.fault(error, call.id);
    }
  }

  #dismiss(): void {
    this.#events?.return?.().catch((error: unknown) => {
      if (error !== this.call.signal.reason) this.observer.fault(error, this.call.id);
    });
  }
}

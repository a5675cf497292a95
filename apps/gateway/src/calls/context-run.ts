import { CallCancelled, InternalError } from '@parsimony/contract';
import type {
  CacheOutcome,
  CallContext,
  CallStatus,
  CallerRef,
  Decision,
  ParsimonyError,
  PicoDollars,
} from '@parsimony/contract';
import { meterContext, type CallMeter, type Journal } from '@parsimony/metering';
import { newId } from '@parsimony/tenancy';
import type { CallOptions } from '../edge/request-options.js';
import { toCallerError } from './caller-error.js';
import { limitModels, type ModelScope } from './model-scope.js';
import { noteSaved } from './note-saved.js';

/** Work for a caller that is no call to a model. */
export interface ContextRequest {
  /** As the ledger calls it. */
  readonly operation: 'cache';
  readonly caller: CallerRef;
  readonly options: CallOptions;
  /** To which models the key is limited; null: to none. */
  readonly scope: ModelScope | null;
}

export interface ContextOutcome {
  readonly outcome: CacheOutcome | null;
  readonly saved: PicoDollars;
  /** What the ledger is to show. The first of them is what has saved. */
  readonly decisions: readonly Decision[];
}

/** One such piece of work, from its arrival to its closing in the ledger. What plugins ask models for it is booked to it. */
export class ContextRun {
  readonly context: CallContext;
  readonly #abort = new AbortController();
  readonly #meter: CallMeter;
  readonly #startedAt = performance.now();
  #over = false;

  /** @param totalMs how long the tenant waits. */
  constructor(
    { operation, caller, options, scope }: ContextRequest,
    totalMs: number,
    journal: Journal,
    private readonly onFault: (error: unknown, id: string) => void,
  ) {
    const receivedAt = Date.now();
    const context = {
      id: newId(),
      receivedAt,
      caller,
      requestedModel: operation,
      target: { provider: 'parsimony', model: operation, tier: null },
      tags: options.tags,
      cache: options.cache,
      decisions: [],
      signal: this.#abort.signal,
      deadlineAt: receivedAt + Math.min(totalMs, options.timeoutMs ?? totalMs),
      operation,
      stream: false,
    } as const;
    if (scope) limitModels(context, scope);
    this.#meter = meterContext(context, journal);
    this.context = context;
  }

  /** What has been asked for it has cost so far. */
  get cost(): PicoDollars {
    return this.#meter.cost;
  }

  /** Closes its account before the answer goes out. */
  finish({ outcome, saved, decisions }: ContextOutcome): Promise<void> {
    const [cause, ...others] = decisions;
    return this.#close('ok', null, { outcome, saved, decisions: cause ? [noteSaved(cause, saved), ...others] : [] });
  }

  /** Closes the account of what failed. @returns the error that the caller is to see. */
  async fail(error: unknown): Promise<ParsimonyError> {
    const seen = toCallerError(error);
    if (seen instanceof InternalError) this.onFault(error, this.context.id);
    await this.#close(seen.status < 500 ? 'refused' : 'failed', seen.code, NOTHING);
    return seen;
  }

  /** The caller has left. */
  cancel(): void {
    if (this.#over) return;
    void this.#close('cancelled', 'call_cancelled', NOTHING);
    this.#abort.abort(new CallCancelled('the caller has left'));
  }

  async #close(
    status: CallStatus,
    errorCode: string | null,
    { outcome, saved, decisions }: ContextOutcome,
  ): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const latencyMs = performance.now() - this.#startedAt;
    try {
      await this.#meter.close({ status, errorCode, cache: outcome, saved, latencyMs, decisions });
    } catch (error) {
      // What it cost is safe in rows of its own: the answer may go out.
      this.onFault(error, this.context.id);
    }
  }
}

const NOTHING: ContextOutcome = { outcome: null, saved: 0n, decisions: [] };

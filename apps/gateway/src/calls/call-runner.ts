import { DeadlineExceeded, ShuttingDown } from '@parsimony/contract';
import type {
  Call,
  CallContext,
  CallerRef,
  ChatBody,
  EmbeddingsBody,
  MessagesBody,
  ModelTarget,
  ModerationsBody,
  Next,
  PicoDollars,
  Received,
  ResponsesBody,
  ResultCache,
  SpeechBody,
  TraceParent,
  TranscriptionBody,
  Usage,
} from '@parsimony/contract';
import { meterCall, Roster, type Journal } from '@parsimony/metering';
import { newId } from '@parsimony/tenancy';
import type { CallOptions } from '../edge/request-options.js';
import type { Admission, EconomyOf } from './admission.js';
import { CallRun, type CallObserver } from './call-run.js';
import { ContextRun, type ContextRequest } from './context-run.js';
import type { ModelResolver } from './model-resolver.js';
import { demandModel, limitModels, type ModelScope } from './model-scope.js';

/** What a gateway keeps for one revision of a tenant. */
export interface TenantRuntime {
  readonly models: ModelResolver;
  readonly stack: Next;
  /** The metered way to providers, past the stack: for questions that plugins have themselves. */
  readonly egress: Next;
  /** What a usage costs the tenant at the prices that hold when the call came. */
  costOf(context: CallContext, target: ModelTarget, usage: Usage): PicoDollars;
  /** What applications of the tenant keep by name, and in which plugin; undefined where none of its document does that. */
  readonly results: { readonly plugin: string; readonly results: ResultCache } | undefined;
  readonly economyOf: EconomyOf;
  /** How long the tenant waits for an answer, to its last byte. */
  readonly totalMs: number;
  /** Names of the providers that the tenant can reach, the preferred one first, and where their prices stand. */
  readonly providers: { readonly names: readonly string[]; catalogueOf(provider: string): string };
}

interface Spoken<Operation, Body> {
  readonly operation: Operation;
  readonly body: Body;
  readonly stream: boolean;
  /** The body's bytes as they came, where the caller spoke this protocol. */
  readonly received?: Received<Body>;
}

/** What a caller asks for, in one of the protocols. */
export type SpokenCall =
  | Spoken<'chat.completions', ChatBody>
  | Spoken<'responses', ResponsesBody>
  | (Spoken<'messages', MessagesBody> & { readonly betas?: readonly string[] })
  | Spoken<'embeddings', EmbeddingsBody>
  | Spoken<'moderations', ModerationsBody>
  | Spoken<'audio.speech', SpeechBody>
  | Spoken<'audio.transcriptions' | 'audio.translations', TranscriptionBody>;

export interface CallRequest {
  readonly caller: CallerRef;
  readonly options: CallOptions;
  readonly spoken: SpokenCall;
  /** To which models the key is limited; null: to none. */
  readonly scope: ModelScope | null;
}

/** Where a call stands in a trace, if it is traced. */
export type TraceOf = (traceparent: string | undefined, callId: string) => TraceParent | undefined;

const EXPIRY_EVERY_MS = 100;

/** Begins calls, for every protocol alike, and ends those that take too long. */
export class CallRunner implements Disposable {
  readonly #underWay = new Roster<CallRun>();
  readonly #expiry: NodeJS.Timeout;
  #draining = false;

  constructor(
    private readonly journal: Journal,
    private readonly admission: Admission,
    private readonly observer: CallObserver,
    private readonly traceOf?: TraceOf,
  ) {
    // One look at all calls instead of a timer for each, which would cost more than the rest of a call's bookkeeping.
    this.#expiry = setInterval(() => this.#expire(), EXPIRY_EVERY_MS).unref();
  }

  get callsUnderWay(): number {
    return this.#underWay.size;
  }

  /** @throws ModelNotFound, PermissionDenied, ShuttingDown */
  begin(runtime: TenantRuntime, request: CallRequest): CallRun {
    if (this.#draining) throw new ShuttingDown('the gateway is stopping');
    const { spoken, caller, options, scope } = request;
    const target = runtime.models.resolve(options.tier ?? spoken.body.model);
    const abort = new AbortController();
    const id = newId();
    const receivedAt = Date.now();
    const expiresAt = receivedAt + runtime.totalMs;
    const trace = this.traceOf?.(options.traceparent, id);
    // One literal for all operations, so that all calls have one shape; which body goes with which operation was proved
    // where `spoken` was made.
    const call = {
      id,
      receivedAt,
      caller,
      requestedModel: spoken.body.model,
      target,
      tags: options.tags,
      cache: options.cache,
      decisions: [],
      signal: abort.signal,
      deadlineAt: options.timeoutMs === null ? expiresAt : Math.min(expiresAt, receivedAt + options.timeoutMs),
      trace,
      operation: spoken.operation,
      stream: spoken.stream,
      body: spoken.body,
      received: spoken.received,
      betas: spoken.operation === 'messages' ? spoken.betas : undefined,
    } as Call;
    if (scope) {
      limitModels(call, scope);
      demandModel(call, target);
    }
    const run: CallRun = new CallRun(call, runtime, this.admission, meterCall(call, this.journal), abort, expiresAt, {
      finished: (finished) => {
        this.#underWay.remove(run);
        this.observer.finished(finished);
      },
      fault: (error, callId) => this.observer.fault(error, callId),
    });
    this.#underWay.add(run);
    return run;
  }

  /** Begins work that is no call to a model. @throws ShuttingDown */
  beginContext({ totalMs }: Pick<TenantRuntime, 'totalMs'>, request: ContextRequest): ContextRun {
    if (this.#draining) throw new ShuttingDown('the gateway is stopping');
    return new ContextRun(request, totalMs, this.journal, (error, id) => this.observer.fault(error, id));
  }

  /** Waits for the calls under way; after `graceMs` new ones are refused and the others cancelled. */
  async drain(graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    while (this.#underWay.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    this.#draining = true;
    for (const run of this.#underWay.all()) run.cancel();
  }

  #expire(): void {
    const now = Date.now();
    for (const run of this.#underWay.all())
      if (now >= run.expiresAt)
        run.expire(new DeadlineExceeded('the answer was not whole in the time that the tenant waits'));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#expiry);
  }
}

import { ShuttingDown } from '@parsimony/contract';
import type { Call, CallerRef, ChatBody, EmbeddingsBody, Next } from '@parsimony/contract';
import { meterCall, Roster, type Journal } from '@parsimony/metering';
import { newId } from '@parsimony/tenancy';
import type { CallOptions } from '../edge/request-options.js';
import { CallRun, type CallObserver } from './call-run.js';
import type { ModelResolver } from './model-resolver.js';

/** What a gateway keeps for one revision of a tenant. */
export interface TenantRuntime {
  readonly models: ModelResolver;
  readonly stack: Next;
}

interface RequestBase {
  readonly caller: CallerRef;
  readonly options: CallOptions;
  /** The body's bytes as they came, where the caller spoke this protocol. */
  readonly bytes?: Uint8Array;
}

export type CallRequest =
  | (RequestBase & { readonly operation: 'chat.completions'; readonly body: ChatBody })
  | (RequestBase & { readonly operation: 'embeddings'; readonly body: EmbeddingsBody });

/** Begins calls, for every protocol alike. */
export class CallRunner {
  readonly #underWay = new Roster<CallRun>();
  #draining = false;

  constructor(
    private readonly journal: Journal,
    private readonly observer: CallObserver,
  ) {}

  get callsUnderWay(): number {
    return this.#underWay.size;
  }

  /** @throws ModelNotFound, ShuttingDown */
  begin(runtime: TenantRuntime, request: CallRequest): CallRun {
    if (this.#draining) throw new ShuttingDown('the gateway is stopping');
    const { operation, body, bytes, caller, options } = request;
    const abort = new AbortController();
    const base = {
      id: newId(),
      receivedAt: Date.now(),
      caller,
      requestedModel: body.model,
      target: runtime.models.resolve(options.tier ?? body.model),
      tags: options.tags,
      cache: options.cache,
      decisions: [],
      signal: abort.signal,
    };
    const call: Call =
      operation === 'chat.completions'
        ? { ...base, operation, body, stream: body.stream === true, ...(bytes && { received: { bytes, body } }) }
        : { ...base, operation, body, stream: false as const, ...(bytes && { received: { bytes, body } }) };
    const run: CallRun = new CallRun(call, runtime.stack, meterCall(call, this.journal), abort, {
      finished: (finished) => {
        this.#underWay.remove(run);
        this.observer.finished(finished);
      },
      fault: (error, callId) => this.observer.fault(error, callId),
    });
    this.#underWay.add(run);
    return run;
  }

  /** Refuses new calls and waits for those under way; after `graceMs` they are cancelled. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const deadline = performance.now() + graceMs;
    while (this.#underWay.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const run of this.#underWay.all()) run.cancel();
  }
}

import { isParsimonyError, PluginFailed } from '@parsimony/contract';
import type { Call, FailurePolicy, Layer, Next, Reply, ReplyEvent, Stage } from '@parsimony/contract';
import { InnerReply, Revoked, type InnerReplyWatch } from './inner-reply.js';
import { OwnClock } from './own-clock.js';

export interface GuardPolicy {
  readonly plugin: string;
  readonly stage: Stage | undefined;
  readonly onFailure: FailurePolicy;
  readonly ownTimeMs: number;
}

/** A layer broke: what was done about it, for logs and metrics. */
export interface Incident {
  readonly plugin: string;
  readonly callId: string;
  readonly outcome: 'bypassed' | 'failed';
  readonly error: unknown;
}

/**
 * Holds a layer to its contract: its own time, its failure policy, and one use of `next` (only a layer of stage
 * `route` may call it again, and never after an event has left). A layer that returns `next(call)` itself costs
 * nothing per event.
 */
export function guard(layer: Layer, policy: GuardPolicy, report: (incident: Incident) => void): Layer {
  return (call, next) => new GuardedRun(layer, policy, report, call, next).reply();
}

class GuardedRun implements InnerReplyWatch {
  revoked = false;
  readonly #clock: OwnClock;
  #inner: InnerReply | undefined;
  #innerError: unknown;
  #eventLeft = false;

  constructor(
    private readonly layer: Layer,
    private readonly policy: GuardPolicy,
    private readonly report: (incident: Incident) => void,
    private readonly call: Call,
    private readonly next: Next,
  ) {
    this.#clock = new OwnClock(policy.ownTimeMs);
  }

  waiting(): void {
    this.#clock.stop();
  }

  resumed(): void {
    this.#clock.start();
  }

  failed(error: unknown): void {
    this.#innerError = error;
  }

  reply(): Reply {
    let reply: Reply;
    try {
      reply = this.layer(this.call, (call) => this.#open(call));
    } catch (error) {
      if (isParsimonyError(error)) throw error;
      return this.#recover(error);
    }
    return reply === this.#inner ? this.#inner.raw : this.#guarded(reply);
  }

  #open(call: Call): InnerReply {
    if (this.revoked) throw new Revoked();
    if (this.#inner && (this.policy.stage !== 'route' || this.#eventLeft)) {
      throw new Error('next was called a second time; only a route may, and never after an event has left');
    }
    return (this.#inner = new InnerReply(this.next(call), this));
  }

  async *#guarded(reply: Reply): AsyncGenerator<ReplyEvent> {
    const iterator = reply[Symbol.asyncIterator]();
    let finished = false;
    try {
      for (;;) {
        let step: IteratorResult<ReplyEvent>;
        try {
          step = await this.#clock.measure(iterator.next());
        } catch (error) {
          finished = true;
          // The inner reply's own failure, or a refusal meant for the caller: not the layer's fault.
          if (error === this.#innerError || isParsimonyError(error)) throw error;
          yield* this.#recover(error);
          return;
        }
        if (step.done) {
          finished = true;
          return;
        }
        this.#eventLeft = true;
        this.#inner?.forget();
        yield step.value;
      }
    } finally {
      if (!finished) await this.#dismiss(iterator);
    }
  }

  /** The consumer left: the layer may clean up, in its own time. */
  async #dismiss(iterator: AsyncIterator<ReplyEvent>): Promise<void> {
    try {
      if (iterator.return) await this.#clock.measure(iterator.return());
    } catch (error) {
      if (error === this.#innerError || isParsimonyError(error)) throw error;
      this.revoked = true;
      this.report({ plugin: this.policy.plugin, callId: this.call.id, outcome: 'failed', error });
      await this.#inner?.close();
    }
  }

  /** Bypasses the layer or refuses the call, and revokes `next`, so that a layer that wakes later asks no provider again. */
  async *#recover(error: unknown): AsyncGenerator<ReplyEvent> {
    this.revoked = true;
    const bypass = this.policy.onFailure === 'bypass' && !this.#eventLeft;
    this.report({ plugin: this.policy.plugin, callId: this.call.id, outcome: bypass ? 'bypassed' : 'failed', error });
    if (!bypass) {
      await this.#inner?.close();
      throw new PluginFailed(`plugin ${this.policy.plugin} failed`, { cause: error });
    }
    yield* this.#inner ? this.#inner.replay() : this.next(this.call);
  }
}

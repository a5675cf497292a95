import { isParsimonyError, PluginFailed } from '@parsimony/contract';
import type { Call, FailurePolicy, Layer, LayerScope, Next, Reply, ReplyEvent, Stage } from '@parsimony/contract';
import { DetachedReply } from './detached-reply.js';
import { InnerReply, Revoked, type InnerReplyWatch } from './inner-reply.js';
import { orAborted } from './or-aborted.js';
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
 * `route` may call it again), never after an event has left. What the layer leaves open is closed for it. A layer that
 * returns `next(call)` itself costs nothing per event. A detached flight is the plugin's own: it is neither closed nor
 * replayed, and a layer that breaks after it has begun one fails, since a bypass would ask a provider twice.
 */
export function guard(layer: Layer, policy: GuardPolicy, report: (incident: Incident) => void): Layer {
  return (call, next) => new GuardedRun(layer, policy, report, call, next).reply();
}

class GuardedRun implements InnerReplyWatch {
  revoked = false;
  readonly #clock: OwnClock;
  readonly #opened: InnerReply[] = [];
  readonly #innerErrors: unknown[] = [];
  #detached = false;
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
    this.#clock.pause();
  }

  resumed(): void {
    this.#clock.resume();
  }

  failed(error: unknown): void {
    this.#innerErrors.push(error);
  }

  reply(): Reply {
    let reply: Reply;
    try {
      reply = requireReply(this.layer(this.call, (call) => this.#open(call), this.#scope()));
    } catch (error) {
      if (this.#goesOn(error)) throw error;
      return this.#recover(error);
    }
    const [inner] = this.#opened;
    if (inner !== reply || this.#opened.length > 1) return this.#guarded(reply);
    this.revoked = true;
    return inner.raw;
  }

  #scope(): LayerScope {
    return { detached: (call) => this.#detach(call), waitFor: (other) => this.#waitFor(other) };
  }

  #open(call: Call): InnerReply {
    this.#demandNext();
    const inner = new InnerReply(this.#ask(call), this);
    this.#opened.push(inner);
    return inner;
  }

  #detach(call: Call): Reply {
    this.#demandNext();
    this.#detached = true;
    return new DetachedReply(this.#ask(call), this);
  }

  #demandNext(): void {
    if (this.revoked) throw new Revoked();
    if (this.#eventLeft) throw new Error('next was called after an event had left');
    if ((this.#opened.length > 0 || this.#detached) && this.policy.stage !== 'route') {
      throw new Error('next was called a second time; only a route may');
    }
  }

  /** Ends with the call, whose caller would else wait on after it has left or its time is over. */
  async #waitFor<Result>(other: Promise<Result>): Promise<Result> {
    if (this.revoked) {
      other.catch(() => undefined);
      throw new Revoked();
    }
    this.waiting();
    try {
      return await orAborted(other, this.call.signal);
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      this.resumed();
    }
  }

  #ask(call: Call): Reply {
    try {
      return this.next(call);
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  async *#guarded(reply: Reply): AsyncGenerator<ReplyEvent> {
    const iterator = reply[Symbol.asyncIterator]();
    let finished = false;
    try {
      for (;;) {
        let step: IteratorResult<ReplyEvent>;
        try {
          step = await this.#clock.measure(() => iterator.next());
        } catch (error) {
          finished = true;
          if (this.#goesOn(error)) throw error;
          this.revoked = true;
          void abandon(iterator);
          yield* this.#recover(error);
          return;
        }
        if (step.done) {
          finished = true;
          return;
        }
        this.#eventLeft = true;
        for (const inner of this.#opened) inner.forget();
        yield step.value;
      }
    } finally {
      if (!finished) await this.#dismiss(iterator);
      await this.#close();
    }
  }

  /** The inner reply's own failure, or a refusal meant for the caller: not the layer's fault. */
  #goesOn(error: unknown): boolean {
    return isParsimonyError(error) || this.#innerErrors.includes(error);
  }

  /** The consumer left: the layer may clean up, in its own time. */
  async #dismiss(iterator: AsyncIterator<ReplyEvent>): Promise<void> {
    try {
      await this.#clock.measure(async () => iterator.return?.());
    } catch (error) {
      if (this.#goesOn(error)) throw error;
      this.report({ plugin: this.policy.plugin, callId: this.call.id, outcome: 'failed', error });
    }
  }

  /** Bypasses the layer or refuses the call, and revokes `next`, so that a layer that wakes later asks no provider again. */
  async *#recover(error: unknown): AsyncGenerator<ReplyEvent> {
    this.revoked = true;
    const { plugin, onFailure } = this.policy;
    const inner = this.#opened.at(-1);
    const bypass = onFailure === 'bypass' && !this.#eventLeft && !this.#detached && (inner?.isWhole ?? true);
    this.report({ plugin, callId: this.call.id, outcome: bypass ? 'bypassed' : 'failed', error });
    try {
      if (!bypass) throw new PluginFailed(`plugin ${plugin} failed`, { cause: error });
      yield* inner ? inner.replay() : this.next(this.call);
    } finally {
      await this.#close();
    }
  }

  /** A provider's answer that nobody pulls any more would never be settled. */
  async #close(): Promise<void> {
    this.revoked = true;
    for (const inner of this.#opened) await inner.close();
  }
}

/** @throws TypeError where a layer gave something else, a promise for one; its rejection would end the process. */
function requireReply(reply: Reply | PromiseLike<unknown>): Reply {
  if (Symbol.asyncIterator in reply) return reply;
  Promise.resolve(reply).catch(() => undefined);
  throw new TypeError('the layer returned no reply');
}

/** Lets a layer that broke or overran its time run its `finally`, whenever it wakes. */
async function abandon(iterator: AsyncIterator<ReplyEvent>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // Its failure was reported when it broke.
  }
}

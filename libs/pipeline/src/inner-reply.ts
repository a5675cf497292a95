import type { Reply, ReplyEvent } from '@parsimony/contract';

/** Tells the guard what a layer does with the reply that `next` gave it. */
export interface InnerReplyWatch {
  waiting(): void;
  resumed(): void;
  failed(error: unknown): void;
  readonly revoked: boolean;
}

/** A layer used a `next`, or a reply of it, that is no longer its own. */
export class Revoked extends Error {
  constructor() {
    super('the layer has ended, was bypassed or has handed its reply on; its next is revoked');
  }
}

/**
 * The reply of `next` as a layer sees it. It remembers what the layer has pulled, so that a bypass can replay it: the
 * provider was paid for those events once and must not be asked again.
 */
export class InnerReply implements AsyncIterable<ReplyEvent> {
  #iterator: AsyncIterator<ReplyEvent> | undefined;
  #pulled: ReplyEvent[] | undefined = [];
  #pending: Promise<IteratorResult<ReplyEvent>> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #over = false;
  #leftByLayer = false;

  constructor(
    readonly raw: Reply,
    private readonly watch: InnerReplyWatch,
  ) {}

  /** Whether `replay` would give all of it: what a layer has left before its end is gone. */
  get isWhole(): boolean {
    return !this.#leftByLayer;
  }

  [Symbol.asyncIterator](): AsyncIterator<ReplyEvent, undefined> {
    return {
      next: () => this.#pull(),
      return: async () => {
        if (!this.watch.revoked && !this.#over) {
          this.#leftByLayer = true;
          await this.close();
        }
        return { done: true, value: undefined };
      },
    };
  }

  /** An event has left the layer: a bypass is no longer possible and nothing needs to be remembered. */
  forget(): void {
    this.#pulled = undefined;
  }

  /** What the layer has pulled, then the rest, pulled by the guard in the layer's stead. */
  async *replay(): AsyncGenerator<ReplyEvent> {
    try {
      await this.#pending?.catch(() => undefined);
      yield* this.#pulled ?? [];
      if (this.#failure) throw this.#failure.error;
      if (this.#over) return;
      const iterator = this.#begun();
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await this.close();
    }
  }

  /** Leaves the reply, if it was pulled and has not ended. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.watch.waiting();
    try {
      await this.#iterator?.return?.();
    } finally {
      this.watch.resumed();
    }
  }

  #begun(): AsyncIterator<ReplyEvent> {
    return (this.#iterator ??= this.raw[Symbol.asyncIterator]());
  }

  async #pull(): Promise<IteratorResult<ReplyEvent, undefined>> {
    if (this.watch.revoked) throw new Revoked();
    this.watch.waiting();
    try {
      const step = await this.#step();
      if (step.done) return { done: true, value: undefined };
      this.#pulled?.push(step.value);
      if (this.watch.revoked) throw new Revoked();
      return step;
    } finally {
      this.#pending = undefined;
      this.watch.resumed();
    }
  }

  async #step(): Promise<IteratorResult<ReplyEvent>> {
    try {
      this.#pending = this.#begun().next();
      const step = await this.#pending;
      if (step.done) this.#over = true;
      return step;
    } catch (error) {
      this.#over = true;
      this.#failure = { error };
      this.watch.failed(error);
      throw error;
    }
  }
}

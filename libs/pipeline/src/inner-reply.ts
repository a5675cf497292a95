import type { Reply, ReplyEvent } from '@parsimony/contract';

/** Tells the guard what a layer does with the reply that `next` gave it. */
export interface InnerReplyWatch {
  waiting(): void;
  resumed(): void;
  failed(error: unknown): void;
  readonly revoked: boolean;
}

/** A layer pulled a reply that is no longer its own. */
export class Revoked extends Error {
  constructor() {
    super('the layer was bypassed; its next is revoked');
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

  constructor(
    readonly raw: Reply,
    private readonly watch: InnerReplyWatch,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<ReplyEvent, undefined> {
    return {
      next: () => this.#pull(),
      return: async () => {
        if (!this.watch.revoked) await this.close();
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
      const pulled = this.#pulled ?? [];
      yield* pulled;
      const iterator = (this.#iterator ??= this.raw[Symbol.asyncIterator]());
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#iterator?.return?.();
  }

  async #pull(): Promise<IteratorResult<ReplyEvent, undefined>> {
    if (this.watch.revoked) throw new Revoked();
    this.#iterator ??= this.raw[Symbol.asyncIterator]();
    this.watch.waiting();
    try {
      this.#pending = this.#iterator.next();
      const step = await this.#pending;
      if (step.done) return { done: true, value: undefined };
      this.#pulled?.push(step.value);
      if (this.watch.revoked) throw new Revoked();
      return step;
    } catch (error) {
      this.watch.failed(error);
      throw error;
    } finally {
      this.#pending = undefined;
      this.watch.resumed();
    }
  }
}

import type { Reply, ReplyEvent } from '@parsimony/contract';

/** Hears what a plugin does with a reply that it keeps. */
export interface DetachedReplyWatch {
  waiting(): void;
  resumed(): void;
  failed(error: unknown): void;
}

/**
 * The reply of a detached flight: the plugin's own, whatever becomes of the layer that began it. As long as that layer
 * runs, waiting for it is not the layer's own time and its failure is not the layer's.
 */
export class DetachedReply implements AsyncIterable<ReplyEvent> {
  constructor(
    private readonly raw: Reply,
    private readonly watch: DetachedReplyWatch,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<ReplyEvent> {
    const inner = this.raw[Symbol.asyncIterator]();
    return {
      next: () => this.#wait(inner.next()),
      return: async () => {
        if (inner.return) await this.#wait(inner.return());
        return { done: true, value: undefined };
      },
    };
  }

  async #wait<Result>(step: Promise<Result>): Promise<Result> {
    this.watch.waiting();
    try {
      return await step;
    } catch (error) {
      this.watch.failed(error);
      throw error;
    } finally {
      this.watch.resumed();
    }
  }
}

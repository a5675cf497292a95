import type { Call, Next, Reply, ReplyEvent } from '@parsimony/contract';
import { anAnswerTo, aReply } from './a-reply.js';

/**
 * The end of a stack in specs. Like the metered egress it begins its work with the first pull, obeys `call.signal` and
 * gives back what it took when its reply is left; it counts all of that.
 */
export class FakeEgress {
  /** Every call that `next` was given, whether its reply was pulled or not. */
  readonly calls: Call[] = [];
  /** Replies that were pulled: what a provider would have been asked for. */
  opened = 0;
  /** Replies among them that ended, failed or were left, and whose `finally` has run. */
  closed = 0;
  /** Ids of calls whose signal fired while their reply was open. */
  readonly aborted: string[] = [];

  /** @param body what a provider would answer; by default `anAnswerTo(call)`. */
  constructor(private readonly body: (call: Call) => Reply = (call) => aReply(anAnswerTo(call))) {}

  readonly next: Next = (call) => {
    this.calls.push(call);
    return this.#answer(call);
  };

  async *#answer(call: Call): AsyncGenerator<ReplyEvent, undefined> {
    this.opened += 1;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => undefined);
    const abort = (): void => {
      this.aborted.push(call.id);
      reject(call.signal.reason);
    };
    const events = this.body(call)[Symbol.asyncIterator]();
    try {
      call.signal.throwIfAborted();
      call.signal.addEventListener('abort', abort, { once: true });
      for (;;) {
        const step = await Promise.race([events.next(), aborted]);
        if (step.done) return;
        yield step.value;
      }
    } finally {
      call.signal.removeEventListener('abort', abort);
      // Not awaited: a body that waits for what never comes would hold the leaver.
      void events.return?.();
      this.closed += 1;
    }
  }
}

import type { Call, Reply, ReplyEvent } from '@parsimony/contract';
import { anAnswerTo } from '@parsimony/testkit';

/** A provider's answer that comes event by event, when the spec lets it. */
export class SlowReply {
  #allowed = 0;
  #given = 0;
  #wake = Promise.withResolvers<void>();
  #failure: Error | undefined;

  constructor(private readonly events: (call: Call) => readonly ReplyEvent[] = anAnswerTo) {}

  /** How many events were pulled. */
  get given(): number {
    return this.#given;
  }

  /** Lets so many further events through. */
  allow(events: number): void {
    this.#allowed += events;
    this.#wake.resolve();
  }

  /** Lets all that was not yet given fail. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake.resolve();
  }

  readonly body = (call: Call): Reply => this.#give(call);

  async *#give(call: Call): AsyncGenerator<ReplyEvent> {
    for (const event of this.events(call)) {
      while (this.#allowed === 0 && !this.#failure) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
      if (this.#failure) throw this.#failure;
      this.#allowed -= 1;
      this.#given += 1;
      yield event;
    }
  }
}

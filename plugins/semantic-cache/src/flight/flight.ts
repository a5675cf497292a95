import { CallCancelled } from '@parsimony/contract';
import type { Reply, ReplyEvent } from '@parsimony/contract';
import { FlightReader, type Link, type ReadFlight } from './flight-reader.js';

/** @see Flight */
export interface FlightHooks {
  /** Each event, once, before any reader has it. */
  readonly came: (event: ReplyEvent) => void;
  /** No further reader makes sense: it has ended, has failed, or all have left. */
  readonly over: () => void;
}

/**
 * One provider call that several callers wait for. The reader that is furthest ahead pulls, for all of them; those behind
 * read what has come, each as fast as it likes. What all have read is free to be collected once nobody can join any more.
 */
export class Flight implements ReadFlight {
  readonly #iterator: AsyncIterator<ReplyEvent>;
  #first: Link | undefined = { event: undefined, next: undefined };
  #last: Link = this.#first as Link;
  #waiting: FlightReader[] = [];
  #pulling = false;
  #outcome: { readonly error?: unknown } | undefined;
  #ended = false;
  #readers = 0;
  #joined = 0;

  /**
   * @param reply a detached one, whose call bears the signal of `abort`.
   * @param leaderId the call's id.
   */
  constructor(
    readonly leaderId: string,
    reply: Reply,
    private readonly abort: AbortController,
    private readonly hooks: FlightHooks,
  ) {
    this.#iterator = reply[Symbol.asyncIterator]();
  }

  /** How many callers it has served, those that have left included. */
  get joined(): number {
    return this.#joined;
  }

  /** @returns undefined where its first events are gone. */
  join(signal: AbortSignal): FlightReader | undefined {
    if (!this.#first) return undefined;
    this.#readers += 1;
    this.#joined += 1;
    return new FlightReader(this, this.#first, signal);
  }

  /** Nobody may join from now on, and so nothing needs to be remembered for those who would. */
  close(): void {
    this.#first = undefined;
  }

  /** Called by a reader that has read all that has come: wakes it when there is more. */
  await(reader: FlightReader): void {
    if (this.#outcome) {
      reader.settle(undefined, this.#outcome);
      return;
    }
    this.#waiting.push(reader);
    if (!this.#pulling) void this.#pull();
  }

  /** A reader leaves; the last one takes the provider call with it, and waits until that has given back what it took. */
  async leave(reader: FlightReader, reason: unknown): Promise<void> {
    this.#readers -= 1;
    const place = this.#waiting.indexOf(reader);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (this.#readers > 0 || this.#outcome) return;
    this.close();
    this.hooks.over();
    if (!this.#ended) this.abort.abort(reason ?? new CallCancelled('all callers have left'));
    await this.#iterator.return?.();
  }

  async #pull(): Promise<void> {
    this.#pulling = true;
    try {
      const step = await this.#iterator.next();
      if (step.done) this.#finish({});
      else this.#take(step.value);
    } catch (error) {
      this.#finish({ error });
    } finally {
      this.#pulling = false;
    }
    this.#wake();
  }

  #take(event: ReplyEvent): void {
    this.#ended ||= event.type === 'end';
    this.hooks.came(event);
    const link: Link = { event, next: undefined };
    this.#last.next = link;
    this.#last = link;
  }

  #finish(outcome: { readonly error?: unknown }): void {
    this.#outcome = outcome;
    this.close();
    this.hooks.over();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const reader of waiting) reader.settle(this.#outcome ? undefined : this.#last, this.#outcome);
  }
}

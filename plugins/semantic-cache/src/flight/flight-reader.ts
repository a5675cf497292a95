import type { ReplyEvent } from '@parsimony/contract';

/** An event that has come, and the way to the one behind it. */
export interface Link {
  readonly event: ReplyEvent | undefined;
  next: Link | undefined;
}

/** What a reader needs of its flight. */
export interface ReadFlight {
  await(reader: FlightReader): void;
  leave(reader: FlightReader, reason: unknown): Promise<void>;
}

/** One caller's view of a flight. It begins to listen to its caller's signal when it first waits. */
export class FlightReader {
  #wait: PromiseWithResolvers<ReplyEvent | undefined> | undefined;
  #listens = false;
  #left = false;

  constructor(
    private readonly flight: ReadFlight,
    private position: Link,
    private readonly signal: AbortSignal,
  ) {}

  /** What has come already, and was not read. */
  take(): ReplyEvent | undefined {
    const { next } = this.position;
    if (next) this.position = next;
    return next?.event;
  }

  /**
   * Waits for the next event, when `take` has given all.
   *
   * @returns undefined at the end.
   * @throws what the flight throws; the reason of the caller's signal when that fires.
   */
  wait(): Promise<ReplyEvent | undefined> {
    this.signal.throwIfAborted();
    if (!this.#listens) this.signal.addEventListener('abort', this.#aborted);
    this.#listens = true;
    const wait = Promise.withResolvers<ReplyEvent | undefined>();
    this.#wait = wait;
    this.flight.await(this);
    return wait.promise;
  }

  /** Called by the flight. */
  settle(link: Link | undefined, outcome: { readonly error?: unknown } | undefined): void {
    const wait = this.#wait;
    this.#wait = undefined;
    if (link) {
      this.position = link;
      wait?.resolve(link.event);
    } else if (outcome && 'error' in outcome) wait?.reject(outcome.error);
    else wait?.resolve(undefined);
  }

  /** Waits until the flight has given back what it took, where this was its last reader. */
  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    if (this.#listens) this.signal.removeEventListener('abort', this.#aborted);
    await this.flight.leave(this, this.signal.aborted ? this.signal.reason : undefined);
  }

  readonly #aborted = (): void => {
    const wait = this.#wait;
    this.#wait = undefined;
    wait?.reject(this.signal.reason);
  };
}

/** An answer as it went out. */
export interface StoredAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Names and values in turn, as Node's `writeHead` takes them. */
  readonly headers: readonly string[];
  /** As it was sent; of a stream all of it. */
  readonly body: Uint8Array;
}

/** A request's turn to be answered under its idempotency key: give it back by one of the two, on every exit. */
export interface IdempotencyTurn {
  readonly state: 'new';
  /**
   * Keeps the answer for whoever repeats the request.
   *
   * @returns whether it is kept: not where it is larger than the store takes, or the turn was lost to another gateway. A
   * repeated request then runs anew.
   * @throws DatabaseUnavailable; the turn then ends when its lease does.
   */
  complete(answer: StoredAnswer): Promise<boolean>;
  /** Nothing was answered that is worth keeping: a repeated request runs anew. @throws DatabaseUnavailable */
  abandon(): Promise<void>;
}

export interface IdempotencyReplay {
  readonly state: 'replay';
  readonly answer: StoredAnswer;
}

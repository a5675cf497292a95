/** Hands events from callbacks to one consumer that awaits them. */
export class EventQueue<Event> {
  readonly #events: Event[] = [];
  #error: Error | undefined;
  #waiting: { readonly resolve: (event: Event) => void; readonly reject: (error: Error) => void } | undefined;

  get length(): number {
    return this.#events.length;
  }

  push(event: Event): void {
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve(event);
    } else this.#events.push(event);
  }

  /** Every later `next` rejects, after the events that are already there. */
  fail(error: Error): void {
    this.#error ??= error;
    this.interrupt(error);
  }

  interrupt(reason: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(reason);
  }

  next(): Promise<Event> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve(event);
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }
}

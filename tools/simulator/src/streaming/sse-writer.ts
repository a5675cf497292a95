import type { ServerResponse } from 'node:http';

const HEADERS = ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'];

/** Unpaced events travel together up to this size: a system call for each would halve the speed. */
const BATCH_CHARACTERS = 16_384;

/** Writes server-sent events with back-pressure. */
export class SseWriter {
  #pending = '';
  readonly #departure = new AbortController();

  constructor(readonly raw: ServerResponse) {
    raw.once('close', () => this.#departure.abort());
    // Writing to a client that has just left emits an error, which would end the process if nobody listened.
    raw.on('error', () => undefined);
  }

  /** Fires when the client has left, or the response is through. */
  get departed(): AbortSignal {
    return this.#departure.signal;
  }

  /** Begins the answer. @param identity the header that names the request. */
  open(identity: readonly [name: string, value: string]): void {
    if (!this.departed.aborted) this.raw.writeHead(200, [...HEADERS, ...identity]);
  }

  /** Takes one event, and waits where the client reads more slowly than we write. */
  async write(event: string): Promise<void> {
    this.#pending += event;
    if (this.#pending.length >= BATCH_CHARACTERS) await this.flush();
  }

  /** Sends what was taken so far. */
  async flush(): Promise<void> {
    const batch = this.#take();
    if (batch === '' || this.departed.aborted || this.raw.write(batch)) return;
    await new Promise<void>((resolve) => {
      const proceed = (): void => {
        this.raw.off('drain', proceed);
        this.departed.removeEventListener('abort', proceed);
        resolve();
      };
      this.raw.once('drain', proceed);
      this.departed.addEventListener('abort', proceed);
    });
  }

  end(events: string): void {
    if (!this.departed.aborted) this.raw.end(this.#take() + events);
  }

  /** Sends what was taken so far, then closes the connection in the middle of the body. */
  cut(): void {
    if (this.departed.aborted) return;
    this.raw.write(this.#take());
    this.raw.socket?.destroySoon();
  }

  #take(): string {
    const batch = this.#pending;
    this.#pending = '';
    return batch;
  }
}

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const CHANNEL = 'http.server.request.start';

/** Counts what reaches the HTTP servers of this process under `/v1`, by port: a witness that no provider's own book replaces. */
export class RequestCounter implements Disposable {
  readonly #counts = new Map<number, number>();
  readonly #count = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    const { localPort } = request.socket;
    if (localPort === undefined || request.url?.startsWith('/v1/') !== true) return;
    this.#counts.set(localPort, this.at(localPort) + 1);
  };

  constructor() {
    subscribe(CHANNEL, this.#count);
  }

  at(port: number): number {
    return this.#counts.get(port) ?? 0;
  }

  [Symbol.dispose](): void {
    unsubscribe(CHANNEL, this.#count);
  }
}

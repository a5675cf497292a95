import { Server as NetServer, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/** Follows a server's connections, so that a stopping gateway ends each behind an answer and not in front of a request. */
export class OpenConnections {
  readonly #open = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** Takes no new connections. Node's own `close` would also cut those that are idle, on which a request may be on its way. */
  stopListening(): void {
    NetServer.prototype.close.call(this.server);
  }

  /** From now on each connection ends with its next answer. A listener that is there only then costs no call before. */
  endWithNextAnswer(): void {
    this.server.prependListener('request', (_request, response) => {
      response.shouldKeepAlive = false;
    });
  }

  /** Waits for clients to come once more on their connections, which then end with the answer; at most so long. */
  async dwindle(graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    while (this.#open.size > 0 && performance.now() < deadline) await delay(LOOK_EVERY_MS);
  }
}

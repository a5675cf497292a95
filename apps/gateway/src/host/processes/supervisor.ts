import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parsimony/telemetry';
import { answerMetricsRequests } from './cluster-metrics.js';

/** What a gateway process tells the one that started it. */
export interface ReadyMessage {
  readonly ready: true;
  readonly url: string;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** A process that lived so long did not die of what it began with. */
const STEADY_MS = 30_000;

/**
 * Keeps so many gateway processes up behind one port (node:cluster; the connections are dealt out in turn). One that ends
 * is replaced; `roll` replaces all of them, one after another, without a call being lost.
 */
export class Supervisor {
  readonly #workers = new Set<Worker>();
  #stopping = false;
  #wait = FIRST_WAIT_MS;

  constructor(
    private readonly count: number,
    private readonly logger: Logger,
  ) {
    answerMetricsRequests();
  }

  /** @returns where they listen. @throws where one of them cannot start. */
  async start(): Promise<string> {
    const urls = await Promise.all(Array.from({ length: this.count }, () => this.#add()));
    return urls[0] ?? '';
  }

  async roll(): Promise<void> {
    for (const worker of [...this.#workers]) {
      if (this.#stopping) return;
      await this.#add();
      await this.#end(worker);
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#workers].map((worker) => this.#end(worker)));
  }

  #add(): Promise<string> {
    const worker = cluster.fork();
    const startedAt = Date.now();
    this.#workers.add(worker);
    const ready = Promise.withResolvers<string>();
    let isReady = false;
    worker.on('message', (message: Partial<ReadyMessage>) => {
      if (message.ready !== true) return;
      isReady = true;
      ready.resolve(message.url ?? '');
    });
    worker.once('exit', (code, signal) => {
      const wanted = !this.#workers.delete(worker);
      if (!isReady) ready.reject(new Error(`a gateway process did not start; it ended with ${signal ?? code}`));
      else if (!wanted && !this.#stopping) void this.#replace(`${signal ?? code}`, Date.now() - startedAt);
    });
    return ready.promise;
  }

  async #replace(reason: string, livedMs: number): Promise<void> {
    this.#wait = livedMs > STEADY_MS ? FIRST_WAIT_MS : Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    this.logger.warn({ reason, livedMs }, 'a gateway process ended; another takes its place');
    while (!this.#stopping) {
      try {
        await this.#add();
        return;
      } catch (error) {
        this.logger.error({ error }, 'a gateway process cannot be started; it is tried again');
        await delay(this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** It is off the list first, so that its end does not call for another. */
  async #end(worker: Worker): Promise<void> {
    this.#workers.delete(worker);
    if (worker.isDead()) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.process.kill('SIGTERM');
    await exited;
  }
}

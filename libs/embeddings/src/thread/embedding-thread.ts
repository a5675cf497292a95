import type { Worker } from 'node:worker_threads';
import { EmbedderUnavailable } from '@parsimony/contract';
import type { EmbedTask, WorkerMessage } from './messages.js';
import { startWorker } from './start-worker.js';

export interface EmbeddingThreadOptions {
  /** What operators see, such as in a list of threads and in errors. */
  readonly name: string;
  /** The worker's module, without the ending; it calls `serveEmbeddings`. */
  readonly module: URL;
  readonly data?: unknown;
}

/** After a start that failed, the next one waits: whoever asks again at once would read the whole model in vain each time. */
const PAUSE_AFTER_FAILED_START_MS = 5_000;

/** A worker thread that embeds, started by `start` or at the first text. It does not keep the process alive. */
export class EmbeddingThread implements AsyncDisposable {
  private worker: Worker | undefined;
  private ready: PromiseWithResolvers<void> | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<Float32Array>>();
  private lastId = 0;
  private startableAt = 0;
  private closed = false;

  constructor(private readonly options: EmbeddingThreadOptions) {}

  /** Loads the model before the first text comes. @throws EmbedderUnavailable (rejected) */
  async start(): Promise<void> {
    this.running();
    await this.ready?.promise;
  }

  /** @returns one promise for each text: EmbedderUnavailable where the thread dies before it answers. */
  embed(texts: readonly string[]): readonly Promise<Float32Array>[] {
    let worker: Worker;
    try {
      worker = this.running();
    } catch (error) {
      return texts.map(() => Promise.reject(error as EmbedderUnavailable));
    }
    worker.ref();
    const tasks: EmbedTask[] = texts.map((text) => ({ id: ++this.lastId, text }));
    const answers = tasks.map(({ id }) => {
      const answer = Promise.withResolvers<Float32Array>();
      this.waiting.set(id, answer);
      return answer.promise;
    });
    worker.postMessage(tasks);
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    const { worker } = this;
    if (worker) this.fail(worker, undefined);
    await worker?.terminate();
  }

  private running(): Worker {
    if (this.worker) return this.worker;
    if (this.closed) throw new EmbedderUnavailable(`The embedder ${this.options.name} is closed.`);
    if (Date.now() < this.startableAt)
      throw new EmbedderUnavailable(`The embedder ${this.options.name} did not start.`);
    const worker = startWorker(`parsimony-${this.options.name}`, this.options.module, this.options.data);
    worker.on('message', (message: WorkerMessage) => this.hear(worker, message));
    worker.on('error', (error: unknown) => this.fail(worker, error));
    worker.on('exit', () => this.fail(worker, undefined));
    this.worker = worker;
    this.ready = Promise.withResolvers();
    // Whoever waits for the texts hears of it as well.
    this.ready.promise.catch(() => undefined);
    return worker;
  }

  private hear(worker: Worker, message: WorkerMessage): void {
    if (this.worker !== worker) return;
    if (message.kind === 'ready') {
      this.ready?.resolve();
      this.ready = undefined;
    } else if (message.kind === 'vectors') {
      const { ids, vectors } = message;
      const dimensions = vectors.length / ids.length;
      // Copies: a part of the joined vectors that somebody keeps would keep them all.
      ids.forEach((id, index) => this.take(id)?.resolve(vectors.slice(index * dimensions, (index + 1) * dimensions)));
    } else {
      const error = new EmbedderUnavailable(`The embedder ${this.options.name} failed: ${message.reason}.`);
      for (const id of message.ids) this.take(id)?.reject(error);
    }
    if (this.waiting.size === 0 && !this.ready) worker.unref();
  }

  private take(id: number): PromiseWithResolvers<Float32Array> | undefined {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    return answer;
  }

  private fail(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    const why = this.closed ? 'is closed' : 'has stopped';
    const error = new EmbedderUnavailable(`The embedder ${this.options.name} ${why}.`, { cause });
    if (this.ready) {
      this.startableAt = Date.now() + PAUSE_AFTER_FAILED_START_MS;
      this.ready.reject(error);
      this.ready = undefined;
    }
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

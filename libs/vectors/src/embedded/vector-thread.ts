import { Worker } from 'node:worker_threads';
import { type PluginLog, VectorsUnavailable } from '@parsimony/contract';
import type { FromVectorWorker, TaskTarget, VectorResult, VectorTask, VectorWork } from './messages.js';

interface Waiting {
  readonly resolve: (result: VectorResult) => void;
  readonly reject: (error: Error) => void;
}

/** Run from its TypeScript sources, Node finds no `./x.js` beside the worker: its types are stripped, its imports not rewritten. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_IMPORTS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) =>
      next(context.parentURL?.endsWith('.ts') ? specifier.replace(/^(\\..*)\\.js$/, '$1.ts') : specifier, context),
  });`)}`;

/** The worker thread that holds the embedded store, started anew where it died. It does not keep the process alive. */
export class VectorThread implements AsyncDisposable {
  readonly #folder: string;
  readonly #log: PluginLog;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #closed = false;
  #lastId = 0;

  constructor(folder: string, log: PluginLog) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Starts the thread, which takes a few milliseconds of this one, before a call has to wait for it. */
  start(): void {
    if (!this.#closed) this.#worker ??= this.#create();
  }

  /** @throws VectorsUnavailable (rejected): the task failed, the thread died or `signal` said stop */
  run(target: TaskTarget, work: VectorWork, signal?: AbortSignal): Promise<VectorResult> {
    if (this.#closed) return Promise.reject(new VectorsUnavailable('the vector store is closed'));
    if (signal?.aborted) return Promise.reject(abandoned(signal));
    return this.#ask({ target, work }, signal);
  }

  /** Saves what is in memory and stops the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return;
    await this.#ask({}).catch((error: unknown) =>
      this.#log.warn('the vector store did not close', { error: String(error) }),
    );
    await worker.terminate();
  }

  #ask(task: Omit<VectorTask, 'id'>, signal?: AbortSignal): Promise<VectorResult> {
    const worker = (this.#worker ??= this.#create());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(id);
        if (signal) reject(abandoned(signal));
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, {
        resolve: (result) => {
          signal?.removeEventListener('abort', stop);
          resolve(result);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', stop);
          reject(error);
        },
      });
      worker.ref();
      worker.postMessage({ id, ...task } satisfies VectorTask);
    });
  }

  #create(): Worker {
    const worker = new Worker(new URL(FROM_SOURCE ? './vector-worker.ts' : './vector-worker.js', import.meta.url), {
      name: 'parsimony-vectors',
      workerData: { folder: this.#folder },
      // The process's own options may hold what a worker must not run, such as another's --import.
      execArgv: FROM_SOURCE ? ['--import', SOURCE_IMPORTS] : [],
    });
    worker.unref();
    worker.on('message', (message: FromVectorWorker) => {
      if ('warning' in message) this.#log.warn(message.warning, { ...message.fields });
      else this.#settle(worker, message.id, message.error, message.result);
    });
    worker.on('error', (error: Error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the thread of the vector store has stopped')));
    return worker;
  }

  #settle(worker: Worker, id: number, error: string | undefined, result: VectorResult): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) worker.unref();
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new VectorsUnavailable(`the vector store failed: ${error}`, { cause: new Error(error) }));
  }

  #fail(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) {
      reject(new VectorsUnavailable('the thread of the vector store died', { cause }));
    }
    this.#waiting.clear();
  }
}

function abandoned(signal: AbortSignal): VectorsUnavailable {
  return new VectorsUnavailable('the vector store was given no more time', { cause: signal.reason });
}

import { Worker } from 'node:worker_threads';
import type { TokenCount } from './bounded-count.js';
import type { Encoding } from './encoding.js';

export interface CountTask {
  readonly id: number;
  readonly texts: readonly string[];
  readonly encoding: Encoding;
}

export interface CountAnswer extends TokenCount {
  readonly id: number;
}

interface Waiting {
  readonly resolve: (count: TokenCount) => void;
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

/** A worker thread that counts, started at the first task. It does not keep the process alive. */
export class CountingThread implements AsyncDisposable {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** @throws Error (rejected) where the thread dies before it answers; the next task starts another one. */
  count(texts: readonly string[], encoding: Encoding): Promise<TokenCount> {
    this.worker ??= this.start();
    const { worker } = this;
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, texts, encoding } satisfies CountTask);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL(FROM_SOURCE ? './token-worker.ts' : './token-worker.js', import.meta.url), {
      name: 'parsimony-tokens',
      // The process's own options may hold what a worker must not run, such as another's --import.
      execArgv: FROM_SOURCE ? ['--import', SOURCE_IMPORTS] : [],
    });
    worker.unref();
    worker.on('message', ({ id, tokens, exact }: CountAnswer) => {
      this.waiting.get(id)?.resolve({ tokens, exact });
      this.waiting.delete(id);
      if (this.waiting.size === 0) worker.unref();
    });
    worker.on('error', (error: Error) => this.fail(worker, error));
    worker.on('exit', () => this.fail(worker, new Error('the token counting thread has stopped')));
    return worker;
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

import type { Embedder } from '@parsimony/contract';
import type { Asker, VectorSource } from '../vector-source.js';
import { EmbeddingThread, type EmbeddingThreadOptions } from './embedding-thread.js';
import { MicroBatcher } from './micro-batcher.js';

/** An embedder of this process. It costs nobody anything, and a vector tells no more than its text: all share all. */
export class ThreadSource implements VectorSource<Asker>, AsyncDisposable {
  readonly id: string;
  readonly dimensions: number;
  readonly multilingual: boolean;
  private readonly thread: EmbeddingThread;
  private readonly batcher: MicroBatcher;

  constructor(about: Omit<Embedder, 'embed'>, thread: EmbeddingThreadOptions) {
    this.id = about.id;
    this.dimensions = about.dimensions;
    this.multilingual = about.multilingual;
    this.thread = new EmbeddingThread(thread);
    this.batcher = new MicroBatcher((texts) => this.thread.embed(texts));
  }

  /** @throws EmbedderUnavailable (rejected) */
  start(): Promise<void> {
    return this.thread.start();
  }

  sharedBy(): string {
    return '';
  }

  accountOf(): string {
    return '';
  }

  embed(text: string, _asker: Asker, signal: AbortSignal): Promise<Float32Array> {
    return this.batcher.embed(text, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.thread[Symbol.asyncDispose]();
  }
}

import { hash } from 'node:crypto';
import type { Embedder } from '@parsimony/contract';
import { SharedWork } from './cache/shared-work.js';
import type { VectorCache } from './cache/vector-cache.js';
import type { Asker, VectorSource } from './vector-source.js';

/** Texts of one request that are embedded at a time: what comes first shall not keep all others waiting. */
const MAX_TEXTS_AT_A_TIME = 128;

/** An embedder that remembers vectors by their texts' digests, and works out once what is asked for at the same time. */
export class CachedEmbedder<Context extends Asker> implements Omit<Embedder, 'embed'> {
  readonly id: string;
  readonly dimensions: number;
  readonly multilingual: boolean;
  private readonly work = new SharedWork<Float32Array>();

  constructor(
    private readonly source: VectorSource<Context>,
    private readonly cache: VectorCache,
  ) {
    this.id = source.id;
    this.dimensions = source.dimensions;
    this.multilingual = source.multilingual;
  }

  async embed(texts: readonly string[], context: Context): Promise<readonly Float32Array[]> {
    context.signal.throwIfAborted();
    const vectors: Float32Array[] = [];
    for (let first = 0; first < texts.length; first += MAX_TEXTS_AT_A_TIME) {
      const some = texts.slice(first, first + MAX_TEXTS_AT_A_TIME);
      vectors.push(...(await Promise.all(some.map((text) => this.vectorOf(text, context)))));
    }
    return vectors;
  }

  private async vectorOf(text: string, context: Context): Promise<Float32Array> {
    // The digest and not the text: prompts do not stay in memory, and long ones cost no more than short ones.
    const key = `${this.id} ${this.source.sharedBy(context)} ${hash('sha256', text, 'base64url')}`;
    const kept = this.cache.get(key);
    if (kept) return kept;
    const work = `${this.source.accountOf(context)} ${key}`;
    return this.work.join(work, context.signal, async (signal) => {
      const vector = await this.source.embed(text, context, signal);
      this.cache.set(key, vector);
      return vector;
    });
  }
}

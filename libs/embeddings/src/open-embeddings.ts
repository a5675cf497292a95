import { join } from 'node:path';
import type { Embedder, Embeddings, Models, PluginLog } from '@parsimony/contract';
import { bundledSource } from './bundled/bundled-source.js';
import { VectorCache } from './cache/vector-cache.js';
import { CachedEmbedder } from './cached-embedder.js';
import { DEFAULT_CACHE_BYTES } from './default-cache-bytes.js';
import { findLocalModel, type LocalModelPlaces } from './local/local-model.js';
import { localSource } from './local/local-source.js';
import { hasTransformers, TRANSFORMERS_PACKAGE } from './local/transformers-package.js';
import { parseProviderModel } from './provider/provider-model.js';
import { ProviderSource } from './provider/provider-source.js';
import type { ThreadSource } from './thread/thread-source.js';

export interface EmbeddingsOptions {
  /** Asks providers' models; without it there are no embedders of providers. */
  readonly models?: Models;
  readonly log: PluginLog;
  /** The data folder. Local models stand in its folder `models`; without it there are none. */
  readonly home?: string;
  /** Models of the Hugging Face hub that may be fetched into that folder; none unless told. */
  readonly hubModels?: readonly string[];
  /** Bytes of vectors that are kept by text, of all embedders together. 32 MiB unless told. */
  readonly cacheBytes?: number;
}

const LOCAL = 'local/';

/** The embedders of a deployment. Each begins to load when it is first asked for; nothing keeps the process alive. */
export function openEmbeddings(options: EmbeddingsOptions): Embeddings & AsyncDisposable {
  return new DeploymentEmbeddings(options);
}

class DeploymentEmbeddings implements Embeddings, AsyncDisposable {
  private readonly cache: VectorCache;
  private readonly embedders = new Map<string, Embedder>();
  private readonly refused = new Set<string>();
  private readonly threads: ThreadSource[] = [];
  private readonly places: LocalModelPlaces | undefined;

  constructor(private readonly options: EmbeddingsOptions) {
    const { home, hubModels = [], cacheBytes = DEFAULT_CACHE_BYTES } = options;
    this.cache = new VectorCache(cacheBytes);
    this.places = home === undefined ? undefined : { folder: join(home, 'models'), hubModels };
  }

  embedder(name: string): Embedder | undefined {
    const known = this.embedders.get(name);
    if (known) return known;
    const made = this.make(name);
    if (typeof made !== 'string') {
      this.embedders.set(name, made);
      return made;
    }
    // Each revision of each tenant asks: the operator hears of it once.
    if (!this.refused.has(name)) this.options.log.warn('there is no such embedder', { embedder: name, reason: made });
    this.refused.add(name);
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread[Symbol.asyncDispose]()));
  }

  /** @returns why there is none, as a text. */
  private make(name: string): Embedder | string {
    if (name === 'bundled') return this.run(bundledSource());
    if (name.startsWith(LOCAL)) return this.makeLocal(name.slice(LOCAL.length));
    if (!this.options.models) return 'no provider can be asked here';
    const model = parseProviderModel(name);
    return typeof model === 'string'
      ? model
      : new CachedEmbedder(new ProviderSource(model, this.options.models), this.cache);
  }

  private makeLocal(name: string): Embedder | string {
    if (!this.places) return 'there is no folder for local models';
    if (!hasTransformers()) return `${TRANSFORMERS_PACKAGE} is not installed: npm install ${TRANSFORMERS_PACKAGE}`;
    const model = findLocalModel(name, this.places);
    return typeof model === 'string' ? model : this.run(localSource(model, this.places.folder));
  }

  private run(source: ThreadSource): Embedder {
    this.threads.push(source);
    // The first text would wait for the model, longer than a call waits. What fails here, the first text is told.
    source.start().catch(() => undefined);
    return new CachedEmbedder(source, this.cache);
  }
}

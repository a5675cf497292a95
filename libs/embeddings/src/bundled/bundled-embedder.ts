import type { Embedder } from '@parsimony/contract';
import { VectorCache } from '../cache/vector-cache.js';
import { CachedEmbedder } from '../cached-embedder.js';
import { DEFAULT_CACHE_BYTES } from '../default-cache-bytes.js';
import type { Asker } from '../vector-source.js';
import { bundledSource } from './bundled-source.js';

/** An embedder of this process: nobody pays for it, so that it needs no call. */
export interface ProcessEmbedder extends Omit<Embedder, 'embed'>, AsyncDisposable {
  /** @throws EmbedderUnavailable; the signal's reason. */
  embed(texts: readonly string[], asker?: Asker): Promise<readonly Float32Array[]>;
}

const NEVER_LEAVES: Asker = { signal: new AbortController().signal };

/** The bundled embedder for tools, loaded and ready. @throws EmbedderUnavailable */
export async function openBundledEmbedder(): Promise<ProcessEmbedder> {
  const source = bundledSource();
  const embedder = new CachedEmbedder(source, new VectorCache(DEFAULT_CACHE_BYTES));
  await source.start();
  const { id, dimensions, multilingual } = embedder;
  return {
    id,
    dimensions,
    multilingual,
    embed: (texts, asker = NEVER_LEAVES) => embedder.embed(texts, asker),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

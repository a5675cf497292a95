import type { PluginLog, Vectors } from '@parsimony/contract';
import { openEmbeddedVectors } from './embedded/embedded-vectors.js';
import { openQdrantVectors } from './qdrant/qdrant-vectors.js';

export interface VectorsOptions {
  /** Qdrant's address; without one the vectors live in this process. */
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Of the embedded store. */
  readonly folder: string;
  readonly log: PluginLog;
}

/**
 * Opens the vector store that the options name. A Qdrant that is away shows itself only in what is asked of it.
 *
 * @throws VectorsUnavailable, RangeError (the address is none)
 */
export async function openVectors({ url, apiKey, folder, log }: VectorsOptions): Promise<Vectors & AsyncDisposable> {
  return url ? openQdrantVectors({ url, apiKey, log }) : openEmbeddedVectors({ folder, log });
}

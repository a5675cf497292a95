import type { CallContext } from '../call.js';

/** Turns texts into vectors whose angle tells how alike the texts are. */
export interface Embedder {
  /** What makes its vectors comparable, lower-case, such as `bundled-use-lite` or `openai-text-embedding-3-small`. */
  readonly id: string;
  readonly dimensions: number;
  /** Whether texts of other languages than English are told apart well. */
  readonly multilingual: boolean;
  /**
   * @param texts each up to what the model reads; longer ones are cut.
   * @param context on whose behalf; where the embedder costs money, the cost is booked to it.
   * @returns one vector for each text, of length 1.
   * @throws EmbedderUnavailable; the reason of the context's signal.
   */
  embed(texts: readonly string[], context: CallContext): Promise<readonly Float32Array[]>;
}

/** Capability `embeddings`. */
export interface Embeddings {
  /**
   * @param name `bundled`, `local/MODEL`, or a provider's model such as `openai/text-embedding-3-small`.
   * @returns undefined where this deployment has no such embedder.
   */
  embedder(name: string): Embedder | undefined;
}

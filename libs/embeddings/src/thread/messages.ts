/** A text on its way to a worker. */
export interface EmbedTask {
  readonly id: number;
  readonly text: string;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** The vectors stand one after the other. */
  | { readonly kind: 'vectors'; readonly ids: readonly number[]; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly ids: readonly number[]; readonly reason: string };

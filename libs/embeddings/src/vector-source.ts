import type { CallContext, Embedder } from '@parsimony/contract';

/** What all embedders are told of whoever asks; those that cost money are told of the call. */
export type Asker = Pick<CallContext, 'signal'>;

/** Where vectors come from when they are not kept: a thread, a provider. */
export interface VectorSource<Context extends Asker> extends Omit<Embedder, 'embed'> {
  /** With whom kept vectors are shared: those with the same answer. */
  sharedBy(context: Context): string;
  /** With whom a vector on its way is shared: those who would pay for it from the same account. */
  accountOf(context: Context): string;
  /**
   * @param signal fires when nobody waits any more; it is not that of one caller.
   * @throws EmbedderUnavailable
   */
  embed(text: string, context: Context, signal: AbortSignal): Promise<Float32Array>;
}

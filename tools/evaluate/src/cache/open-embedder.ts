import { openBundledEmbedder } from '@parsimony/embeddings';

/** What evaluation needs of an embedder. */
export interface OpenEmbedder extends AsyncDisposable {
  readonly id: string;
  readonly dimensions: number;
  readonly multilingual: boolean;
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
}

/** The embedder that works without a network. @throws EmbedderUnavailable */
export function openEmbedder(): Promise<OpenEmbedder> {
  return openBundledEmbedder();
}

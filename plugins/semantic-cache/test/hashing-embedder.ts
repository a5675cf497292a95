import type { Embedder } from '@parsimony/contract';
import { EmbedderUnavailable } from '@parsimony/contract';

const DIMENSIONS = 256;

/**
 * An embedder for specs: letter trigrams hashed into 256 slots, so that texts which share letters are near. A real one lives in
 * a library that plugins do not see; those run in the gateway's own specs of the cache.
 */
export class HashingEmbedder implements Embedder {
  readonly id = 'hashing';
  readonly dimensions = DIMENSIONS;
  multilingual = true;
  /** What it was asked, in order. */
  readonly asked: string[] = [];
  away = false;
  /** What it throws in place of a vector. */
  refusal: Error | undefined;
  /** Resolves before it answers. */
  delay: Promise<void> | undefined;

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    await this.delay;
    if (this.away) throw new EmbedderUnavailable('the embedder of this spec is away');
    if (this.refusal) throw this.refusal;
    this.asked.push(...texts);
    return texts.map(vectorOf);
  }
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  const padded = ` ${text.toLowerCase()} `;
  for (let start = 0; start + 3 <= padded.length; start++) {
    let hash = 7;
    for (const letter of padded.slice(start, start + 3)) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

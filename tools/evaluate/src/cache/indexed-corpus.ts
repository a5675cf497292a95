import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signature } from '@parsimony/semantic-cache/verification';
import { signaturesOf, type Corpus } from './corpus.js';
import { embedTexts } from './embed-texts.js';
import { LIST_LENGTH, neighbourLists, type NeighbourLists } from './neighbour-lists.js';
import type { OpenEmbedder } from './open-embedder.js';

/** A corpus with all that simulations of a cache look up. */
export interface IndexedCorpus extends Corpus, NeighbourLists {
  readonly signatures: readonly Signature[];
  readonly vectors: Float32Array;
  readonly dimensions: number;
}

/** @param folder keeps vectors and neighbours for the next run. */
export async function indexCorpus(
  corpus: Corpus,
  embedder: OpenEmbedder,
  folder: string,
  log: (line: string) => void,
): Promise<IndexedCorpus> {
  const { dimensions } = embedder;
  let said = 0;
  const vectors = await embedTexts(corpus.texts, embedder, folder, (done, all) => {
    if (done - said < 3_200 && done < all) return;
    said = done;
    log(`${corpus.name}: ${String(done)} of ${String(all)} texts embedded`);
  });
  const lists = keptLists(corpus, vectors, embedder, folder, log);
  return { ...corpus, ...lists, signatures: signaturesOf(corpus), vectors, dimensions };
}

function keptLists(
  corpus: Corpus,
  vectors: Float32Array,
  { id, dimensions }: OpenEmbedder,
  folder: string,
  log: (line: string) => void,
): NeighbourLists {
  const key = createHash('sha256')
    .update(`${id} ${String(LIST_LENGTH)}`)
    .update(new Uint8Array(vectors.buffer));
  const file = join(folder, `${corpus.name}-${key.digest('hex').slice(0, 16)}.neighbours`);
  const length = corpus.texts.length * LIST_LENGTH;
  if (existsSync(file)) {
    const bytes = new Uint8Array(readFileSync(file));
    if (bytes.length === 8 * length) {
      return {
        neighbours: new Int32Array(bytes.buffer, 0, length),
        similarities: new Float32Array(bytes.buffer, 4 * length, length),
      };
    }
  }
  log(`${corpus.name}: looking for the neighbours of ${String(corpus.texts.length)} texts`);
  const lists = neighbourLists(vectors, dimensions);
  writeFileSync(file, Buffer.concat([bytesOf(lists.neighbours), bytesOf(lists.similarities)]));
  return lists;
}

function bytesOf({ buffer }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer);
}

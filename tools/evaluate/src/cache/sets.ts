import { join } from 'node:path';
import { corpusOfPairs, readIntents, readPairs, type Corpus, type Pair } from './corpus.js';
import { indexCorpus, type IndexedCorpus } from './indexed-corpus.js';
import type { OpenEmbedder } from './open-embedder.js';
import type { TrainingSets } from './priors.js';

export interface CacheSets extends TrainingSets {
  readonly pairs: readonly Pair[];
  readonly paraphrases: readonly Pair[];
}

export interface SetsOptions {
  readonly data: string;
  readonly cache: string;
  readonly log: (line: string) => void;
}

/** Reads, embeds and indexes the sets that priors are learned from. @throws MissingData */
export async function trainingSets(options: SetsOptions, embedder: OpenEmbedder): Promise<TrainingSets> {
  const folder = folderOf(options);
  return {
    qqp: await indexed(corpusOfPairs('qqp', readPairs(folder, 'qqp')), options, embedder),
    clinc150: await indexed(readIntents(folder, 'clinc150'), options, embedder),
    banking77: await indexed(readIntents(folder, 'banking77'), options, embedder),
  };
}

/** All sets of the subject. @throws MissingData */
export async function cacheSets(options: SetsOptions, embedder: OpenEmbedder): Promise<CacheSets> {
  const folder = folderOf(options);
  const paraphrases = readPairs(folder, 'paraphraser_ru').rows;
  return { ...(await trainingSets(options, embedder)), pairs: readPairs(folder, 'qqp').rows, paraphrases };
}

function folderOf({ data }: SetsOptions): string {
  return join(data, 'semantic-cache');
}

function indexed(corpus: Corpus, { cache, log }: SetsOptions, embedder: OpenEmbedder): Promise<IndexedCorpus> {
  return indexCorpus(corpus, embedder, cache, log);
}

import { randomUUID } from 'node:crypto';
import type { Vectors } from '@parsimony/contract';
import { QdrantClient } from '@qdrant/js-client-rest';
import { openQdrantVectors } from '../src/qdrant/qdrant-vectors.js';
import type { OpenedStore } from '../src/testing/opened-store.js';
import { aLog } from './a-log.js';

/** A store in a Qdrant server, whose collections bear a name of their own and are deleted at the end. */
export async function aQdrantStore(url: string, apiKey?: string): Promise<OpenedStore> {
  const prefix = `test-${randomUUID().slice(0, 8)}-`;
  // The first requests to a server that has just started may take longer than a gateway would wait.
  const open = (): Promise<Vectors & AsyncDisposable> =>
    openQdrantVectors({
      url,
      apiKey,
      log: aLog(),
      prefix,
      deadlines: { search: 10_000, write: 60_000, setUp: 60_000 },
    });
  let vectors = await open();
  return {
    get vectors() {
      return vectors;
    },
    restart: async () => {
      await vectors[Symbol.asyncDispose]();
      vectors = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await vectors[Symbol.asyncDispose]();
      const client = new QdrantClient({
        url,
        ...(apiKey && { headers: { 'api-key': apiKey } }),
        checkCompatibility: false,
      });
      const { collections } = await client.getCollections();
      for (const { name } of collections) if (name.startsWith(prefix)) await client.deleteCollection(name);
    },
  };
}

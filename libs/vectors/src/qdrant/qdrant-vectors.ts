import type { PluginLog, VectorCollection, VectorCollectionSpec, Vectors } from '@parsimony/contract';
import { QdrantClient } from '@qdrant/js-client-rest';
import { checkedId, checkSpec } from '../points.js';
import { collectionName, type Quantisation } from './collection-shape.js';
import { qdrantAddress } from './qdrant-address.js';
import { type CollectionSettings, type Deadlines, QdrantCollection } from './qdrant-collection.js';
import { QdrantTenantVectors } from './qdrant-tenant-vectors.js';

const PREFIX = 'parsimony-';
const DEADLINES: Deadlines = { search: 200, write: 10_000, setUp: 30_000 };
const QUANTISATION: Quantisation = { type: 'int8', alwaysRam: true };

export interface QdrantOptions {
  /** Such as `http://localhost:6333`; the port is 6333 where none is named. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly log: PluginLog;
  /** Begins the name of every collection. */
  readonly prefix?: string;
  readonly deadlines?: Partial<Deadlines>;
  readonly quantisation?: Partial<Quantisation>;
}

/**
 * Opens a Qdrant server. Nothing is asked of it before the first collection.
 *
 * @throws RangeError where the address is none
 */
export function openQdrantVectors({
  url,
  apiKey,
  log,
  prefix = PREFIX,
  ...options
}: QdrantOptions): Promise<Vectors & AsyncDisposable> {
  const address = qdrantAddress(url);
  if (apiKey && url.startsWith('http:'))
    log.warn('the API key goes to Qdrant without encryption', { url: address.url });
  const client = new QdrantClient({
    ...address,
    // As a header, since the client prints to the console where it is named and the address is no https.
    ...(apiKey && { headers: { 'api-key': apiKey } }),
    // Every request has a deadline of its own; the client's would overwrite it.
    timeout: Infinity,
    // The client would print what it finds to the console.
    checkCompatibility: false,
  });
  return Promise.resolve(
    new QdrantVectors(prefix, {
      client,
      log,
      deadlines: { ...DEADLINES, ...options.deadlines },
      quantisation: { ...QUANTISATION, ...options.quantisation },
    }),
  );
}

class QdrantVectors implements Vectors, AsyncDisposable {
  constructor(
    private readonly prefix: string,
    private readonly settings: CollectionSettings,
  ) {}

  async collection(spec: VectorCollectionSpec): Promise<VectorCollection> {
    checkSpec(spec);
    const { dimensions } = spec;
    const collection = new QdrantCollection(collectionName(this.prefix, spec), dimensions, this.settings);
    await collection.prepare();
    return { of: (tenantId) => new QdrantTenantVectors(collection, checkedId(tenantId), dimensions) };
  }

  /** The client's idle connections close by themselves, and keep no process alive. */
  async [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

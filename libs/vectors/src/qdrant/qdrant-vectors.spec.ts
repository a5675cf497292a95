import { randomUUID } from 'node:crypto';
import type { TenantVectors, VectorPoint } from '@parsimony/contract';
import { QdrantClient } from '@qdrant/js-client-rest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aLog } from '../../test/a-log.js';
import { QdrantStandIn } from '../testing/qdrant-stand-in.js';
import { openQdrantVectors, type QdrantOptions } from './qdrant-vectors.js';

const SPEC = { name: 'qdrant', dimensions: 4 };
const COLLECTION = 'parsimony-qdrant-4-v1';
const TENANT = randomUUID();
/** The stand-in's first answer takes as long as its schemas take to compile. */
const PATIENT = { search: 10_000 };
const QUERY = { vector: Float32Array.of(1, 0, 0, 0), scope: 'scope', limit: 3 };

describe('openQdrantVectors', () => {
  let standIn: QdrantStandIn;
  let client: QdrantClient;
  beforeEach(async () => {
    standIn = await QdrantStandIn.start();
    client = new QdrantClient({ url: standIn.url, checkCompatibility: false });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await standIn[Symbol.asyncDispose]();
    if (standIn.violations.length > 0) throw new Error(standIn.violations.join('\n'));
  });

  it('makes a collection with graphs by tenant, quantised vectors and an index for every field of a filter', async () => {
    await open();
    const { config, payload_schema: fields } = await client.getCollection(COLLECTION);
    expect(config.params.vectors).toEqual({ size: 4, distance: 'Cosine' });
    expect(config.hnsw_config).toMatchObject({ m: 0, payload_m: 16 });
    expect(config.quantization_config).toEqual({ scalar: { type: 'int8', quantile: 0.99, always_ram: true } });
    expect(fields).toMatchObject({
      tenant: { data_type: 'keyword', params: { is_tenant: true } },
      scope: { data_type: 'keyword' },
      created_at: { data_type: 'integer' },
      expires_at: { data_type: 'integer' },
    });
  });

  it('leaves alone a collection that is as it should be', async () => {
    await open();
    standIn.requests.length = 0;
    await open();
    expect(standIn.requests.map(({ operation }) => operation)).toEqual(['get_collection']);
  });

  it('mends settings and indexes that are not as they should be', async () => {
    await client.createCollection(COLLECTION, { vectors: { size: 4, distance: 'Cosine' } });
    await client.createPayloadIndex(COLLECTION, {
      field_name: 'tenant',
      field_schema: { type: 'keyword' },
      wait: true,
    });
    await open({ quantisation: { alwaysRam: false } });
    const { config, payload_schema: fields } = await client.getCollection(COLLECTION);
    expect(config.hnsw_config).toMatchObject({ m: 0, payload_m: 16 });
    expect(config.quantization_config).toMatchObject({ scalar: { always_ram: false } });
    expect(fields['tenant']?.params).toMatchObject({ is_tenant: true });
    expect(Object.keys(fields)).toHaveLength(4);
    await open({ quantisation: { type: 'none' } });
    expect((await client.getCollection(COLLECTION)).config.quantization_config).toBeNull();
  });

  it('does not touch a collection of that name with other vectors, and says why', async () => {
    await client.createCollection(COLLECTION, { vectors: { size: 3, distance: 'Dot' } });
    await expect(open()).rejects.toMatchObject({
      code: 'vectors_unavailable',
      message: expect.stringMatching(/not ours: its vectors are Dot with 3 dimensions, not Cosine with 4/),
    });
    expect((await client.getCollection(COLLECTION)).payload_schema).toEqual({});
  });

  it('is made once by many gateways that start together', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
    await Promise.all(stores.map((store) => store.upsert([aPoint()])));
    expect(await stores[0]?.count()).toBe(8);
  });

  it('makes a collection again that somebody deleted', async () => {
    const store = await open();
    await store.upsert([aPoint()]);
    await client.deleteCollection(COLLECTION);
    expect(await store.search(QUERY)).toEqual([]);
    await client.deleteCollection(COLLECTION);
    await store.upsert([aPoint()]);
    expect(await store.count()).toBe(1);
  });

  it('waits for a search no longer than its deadline', async () => {
    const store = await open({ deadlines: { search: 50 } });
    standIn.fault = { delay: 5000 };
    const start = performance.now();
    await expect(store.search(QUERY)).rejects.toMatchObject({
      code: 'vectors_unavailable',
      cause: { name: 'TimeoutError' },
    });
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it('says what went wrong, and is well as soon as the server is', async () => {
    const store = await open();
    standIn.fault = { status: 500 };
    await expect(store.search(QUERY)).rejects.toMatchObject({
      code: 'vectors_unavailable',
      message: 'Qdrant did not search: Service internal error: a fault was ordered',
    });
    standIn.fault = { cut: true };
    await expect(store.upsert([aPoint()])).rejects.toMatchObject({ code: 'vectors_unavailable' });
    await expect(store.count()).rejects.toMatchObject({ code: 'vectors_unavailable' });
    standIn.fault = {};
    await store.upsert([aPoint()]);
    expect(await store.search(QUERY)).toHaveLength(1);
  });

  it('opens while the server is away, and makes the collection when it is back', async () => {
    const vectors = await openQdrantVectors({ url: standIn.url, log: aLog() });
    standIn.fault = { status: 503 };
    await expect(vectors.collection(SPEC)).rejects.toMatchObject({ code: 'vectors_unavailable' });
    standIn.fault = {};
    expect(await (await vectors.collection(SPEC)).of(TENANT).count()).toBe(0);
  });

  it('fails where nobody listens', async () => {
    const gone = await QdrantStandIn.start();
    await gone[Symbol.asyncDispose]();
    const vectors = await openQdrantVectors({ url: gone.url, log: aLog() });
    await expect(vectors.collection(SPEC)).rejects.toMatchObject({
      code: 'vectors_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('shows its API key, and warns where it goes unencrypted', async () => {
    await using locked = await QdrantStandIn.start({ apiKey: 'secret' });
    const log = aLog();
    const vectors = await openQdrantVectors({ url: locked.url, apiKey: 'secret', log });
    expect(await (await vectors.collection(SPEC)).of(TENANT).count()).toBe(0);
    expect(log.messages).toEqual([expect.stringContaining('without encryption')]);
    const refused = await openQdrantVectors({ url: locked.url, apiKey: 'wrong', log });
    await expect(refused.collection(SPEC)).rejects.toMatchObject({
      code: 'vectors_unavailable',
      cause: { status: 401 },
    });
  });

  it('gives up now and then what has expired of a tenant that writes', async () => {
    const store = await open();
    await store.upsert([aPoint({ expiresAt: Date.now() - 1 }), aPoint()]);
    expect(await store.count()).toBe(2);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    await store.upsert([aPoint({ expiresAt: Infinity })]);
    expect(await store.count()).toBe(2);
  });

  async function open(options: Partial<QdrantOptions> = {}): Promise<TenantVectors> {
    const vectors = await openQdrantVectors({ url: standIn.url, log: aLog(), deadlines: PATIENT, ...options });
    return (await vectors.collection(SPEC)).of(TENANT);
  }
});

function aPoint(changes: Partial<VectorPoint> = {}): VectorPoint {
  const now = Date.now();
  return {
    id: randomUUID(),
    vector: QUERY.vector,
    scope: 'scope',
    createdAt: now,
    expiresAt: now + 3_600_000,
    ...changes,
  };
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { PluginLog, TenantVectors, VectorPoint } from '@parsimony/contract';
import { openBundledEmbedder } from '@parsimony/embeddings';
import { openVectors } from '@parsimony/vectors';
import { seededRandom } from '../statistics/seeded-random.js';
import type { KeptPlace } from './kept-place.js';
import { nearVector } from './near-vector.js';

export interface GrowOptions {
  readonly tenantId: string;
  /** How many entries there are to be in the end. */
  readonly entries: number;
  /** How many searches are timed in the grown store. */
  readonly searches: number;
  readonly seed: number;
  readonly qdrantUrl: string | undefined;
}

interface RealEntry {
  readonly id: string;
  readonly question: string;
  readonly scope: string;
}

const LOG: PluginLog = { info: () => undefined, warn: console.warn, error: console.error };
const BATCH = 1_000;
const TEXTS_AT_ONCE = 64;
const NEIGHBOURS = 8;
const DAY_MS = 86_400_000;
/** Stores build their graphs behind the writes: what is measured is a store at rest, and code that is warm. */
const SETTLE_MS = 5_000;
const WARM_UP = 200;
/** Nearer than other questions of the same kind are, farther than paraphrases: what is looked up finds its own entry first. */
const COPY_SIMILARITY = 0.8;
const LOOKUP_SIMILARITY = 0.95;

const REAL = `SELECT id, question, scope FROM plugin_semantic_cache.entry
  WHERE tenant_id = $1 AND kind = 'semantic' AND question IS NOT NULL ORDER BY id`;
/** Whatever columns there are, a copy has those of the entry that it is made of. */
const COPY = `INSERT INTO plugin_semantic_cache.entry
  SELECT copy.* FROM unnest($2::uuid[], $3::uuid[]) AS made (id, original_id)
  JOIN plugin_semantic_cache.entry AS original ON original.tenant_id = $1 AND original.id = made.original_id
  CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', made.id)) AS copy`;

/**
 * Copies a tenant's entries until there are so many, in the database and in the store of vectors that the gateway has in
 * its folder; no gateway may run there.
 *
 * @returns how long each of some searches took in the grown store, in milliseconds.
 */
export async function growStore(place: KeptPlace, options: GrowOptions): Promise<number[]> {
  const { tenantId, entries, searches, seed, qdrantUrl } = options;
  const random = seededRandom(seed);
  const real = await place.sql<RealEntry>(REAL, [tenantId]);
  await using embedder = await openBundledEmbedder();
  const centres: Float32Array[] = [];
  for (let start = 0; start < real.length; start += TEXTS_AT_ONCE)
    centres.push(...(await embedder.embed(real.slice(start, start + TEXTS_AT_ONCE).map(({ question }) => question))));

  await using vectors = await openVectors({ url: qdrantUrl, folder: join(place.home, 'vectors'), log: LOG });
  const collection = await vectors.collection({
    name: `semantic-cache-${embedder.id}`,
    dimensions: embedder.dimensions,
  });
  const store = collection.of(tenantId);
  for (let have = real.length; have < entries; have += BATCH) {
    const made = Array.from({ length: Math.min(BATCH, entries - have) }, () => Math.floor(random() * real.length));
    const copies = made.map((of) => copyOf(real[of], centres[of], random));
    await store.upsert(copies.map(({ point }) => point));
    await place.sql(COPY, [tenantId, copies.map(({ point }) => point.id), copies.map(({ originalId }) => originalId)]);
  }
  await setTimeout(SETTLE_MS);
  await timeSearches(store, real, centres, WARM_UP, random);
  return await timeSearches(store, real, centres, searches, random);
}

function copyOf(
  real: RealEntry | undefined,
  centre: Float32Array | undefined,
  random: () => number,
): { readonly point: VectorPoint; readonly originalId: string } {
  if (!real || !centre) throw new Error('there is no entry to copy');
  const createdAt = Date.now();
  const vector = nearVector(centre, COPY_SIMILARITY, random);
  const { id: originalId, scope } = real;
  return { originalId, point: { id: randomUUID(), vector, scope, createdAt, expiresAt: createdAt + DAY_MS } };
}

async function timeSearches(
  store: TenantVectors,
  real: readonly RealEntry[],
  centres: readonly Float32Array[],
  searches: number,
  random: () => number,
): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < searches; done += 1) {
    const of = done % real.length;
    const [entry, centre] = [real[of], centres[of]];
    if (!entry || !centre) throw new Error('there is nothing to look up');
    const vector = nearVector(centre, LOOKUP_SIMILARITY, random);
    const startedAt = performance.now();
    await store.search({ vector, scope: entry.scope, limit: NEIGHBOURS });
    times.push(performance.now() - startedAt);
  }
  return times;
}

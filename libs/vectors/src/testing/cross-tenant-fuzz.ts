import { randomUUID } from 'node:crypto';
import type { VectorPoint, Vectors } from '@parsimony/contract';
import { ClusteredVectors } from './clustered-vectors.js';
import { Random } from './random.js';

export interface CrossTenantFuzzOptions {
  readonly tenants: number;
  /** Of each tenant. */
  readonly entries: number;
  readonly lookUps: number;
  readonly seed: number;
  /** Of a collection that is made for this; 64 where it is not named. */
  readonly dimensions?: number;
}

export interface CrossTenantFuzzResult {
  readonly lookUps: number;
  readonly matches: number;
  /** Look-ups that gave another tenant's point. Has to be 0. */
  readonly crossTenant: number;
  /** Look-ups that gave a point of another scope of the same tenant. Has to be 0. */
  readonly crossScope: number;
  /** Look-ups that gave an expired point. Has to be 0. */
  readonly expired: number;
  /** Look-ups for a vector that the tenant has in that scope, and got as the nearest; of `ownLookUps`. */
  readonly ownFound: number;
  readonly ownLookUps: number;
}

interface Kept extends VectorPoint {
  readonly tenant: number;
}

/** Share of entries in one scope, which is large enough then to be more than a list. */
const CROWDED = 0.5;
const SCOPES = ['a', 'A', 'b', 'a_b', '*', '..', '/', '%00', '"}', "'or'1'='1", 'tenant', 'x'.repeat(128)];
const BATCH = 500;
const CONCURRENCY = 32;
const YEAR = 365 * 24 * 3600 * 1000;

/**
 * Looks up what must not be found: vectors that equal other tenants' entries, in their scopes and in odd ones. Every id is
 * one tenant's alone, so that a match says whose it is.
 *
 * @throws VectorsUnavailable
 */
export async function crossTenantFuzz(
  vectors: Vectors,
  options: CrossTenantFuzzOptions,
): Promise<CrossTenantFuzzResult> {
  const { tenants: tenantCount, entries, lookUps, seed, dimensions = 64 } = options;
  const random = new Random(seed);
  const collection = await vectors.collection({ name: `fuzz-${randomUUID().slice(0, 8)}`, dimensions });
  const clustered = new ClusteredVectors(random, dimensions, 100);
  const tenants = Array.from({ length: tenantCount }, () => collection.of(random.uuid()));
  const now = Date.now();
  const kept: Kept[] = [];
  const byId = new Map<string, Kept>();
  for (const [tenant, store] of tenants.entries()) {
    const points = Array.from({ length: entries }, (): Kept => {
      const other = kept.length > 0 && random.next() < 0.3 ? kept[random.below(kept.length)] : undefined;
      return {
        tenant,
        id: random.uuid(),
        // A third are copies of what other tenants have.
        vector: other?.vector ?? clustered.next(),
        scope: random.next() < CROWDED ? 'a' : (SCOPES[random.below(SCOPES.length)] ?? 'a'),
        createdAt: now,
        expiresAt: random.next() < 0.05 ? now - 1 : now + YEAR,
      };
    });
    for (let start = 0; start < points.length; start += BATCH) await store.upsert(points.slice(start, start + BATCH));
    for (const point of points) byId.set(point.id, point);
    kept.push(...points);
  }

  const found = { matches: 0, crossTenant: 0, crossScope: 0, expired: 0, ownFound: 0, ownLookUps: 0 };
  let left = lookUps;
  const lookUp = async (): Promise<void> => {
    while (left-- > 0) {
      const target = kept[random.below(kept.length)];
      const tenant = random.below(tenantCount);
      if (!target) return;
      const scope = random.next() < 0.7 ? target.scope : (SCOPES[random.below(SCOPES.length)] ?? 'a');
      const vector = random.next() < 0.8 ? target.vector : clustered.near(target.vector);
      const matches = (await tenants[tenant]?.search({ vector, scope, limit: 8 })) ?? [];
      const points = matches.map(({ id }) => byId.get(id));
      found.matches += matches.length;
      if (points.some((point) => point?.tenant !== tenant)) found.crossTenant++;
      if (points.some((point) => point?.scope !== scope)) found.crossScope++;
      if (points.some((point) => !point || point.expiresAt <= now)) found.expired++;
      if (target.tenant !== tenant || target.scope !== scope || target.expiresAt <= now || vector !== target.vector)
        continue;
      found.ownLookUps++;
      if ((matches[0]?.similarity ?? 0) > 0.995) found.ownFound++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lookUp));
  for (const store of tenants) await store.purge();
  return { lookUps, ...found };
}

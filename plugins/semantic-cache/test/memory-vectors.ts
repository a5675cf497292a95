import { VectorsUnavailable } from '@parsimony/contract';
import type {
  TenantVectors,
  VectorCollection,
  VectorMatch,
  VectorPoint,
  VectorQuery,
  Vectors,
} from '@parsimony/contract';

/**
 * Vectors for specs, in this process's memory, that can be away. The real stores live in a library that plugins do not see;
 * they run in the gateway's own specs of the cache.
 */
export class MemoryVectors implements Vectors {
  away = false;
  /** Searches, whether they were answered or not. */
  searches = 0;
  /** What every search finds on top, whoever asks: a store that mixes up its tenants. */
  foreign: readonly VectorMatch[] = [];
  readonly #points = new Map<string, Map<string, VectorPoint>>();

  async collection(): Promise<VectorCollection> {
    return { of: (tenantId) => this.#tenant(tenantId) };
  }

  #tenant(tenantId: string): TenantVectors {
    const points = this.#points.get(tenantId) ?? new Map<string, VectorPoint>();
    this.#points.set(tenantId, points);
    const unlessAway = (): void => {
      if (this.away) throw new VectorsUnavailable('the vectors of this spec are away');
    };
    return {
      upsert: async (added) => {
        unlessAway();
        for (const point of added) points.set(point.id, point);
      },
      search: async (query) => {
        this.searches += 1;
        unlessAway();
        return [...this.foreign, ...nearest(points.values(), query)];
      },
      delete: async (ids) => {
        unlessAway();
        for (const id of ids) points.delete(id);
      },
      purge: async () => points.clear(),
      count: async () => points.size,
    };
  }
}

function nearest(points: Iterable<VectorPoint>, { vector, scope, limit }: VectorQuery): readonly VectorMatch[] {
  return [...points]
    .filter((point) => point.scope === scope && point.expiresAt > Date.now())
    .map(({ id, vector: other }) => ({ id, similarity: vector.reduce((sum, x, at) => sum + x * (other[at] ?? 0), 0) }))
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, limit);
}

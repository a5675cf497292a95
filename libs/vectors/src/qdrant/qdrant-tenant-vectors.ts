import type { TenantVectors, VectorMatch, VectorPoint, VectorQuery } from '@parsimony/contract';
import { checkedId, checkPoint, checkQuery, unitVector } from '../points.js';
import { pointId } from './point-id.js';
import type { QdrantCollection, QdrantPoint } from './qdrant-collection.js';
import { tenantFilter } from './tenant-filter.js';

/** Points that go in one request: their JSON holds up the event loop for 2 ms (512 dimensions). */
const BATCH = 32;
const IDS = 1000;
/** How often expired points of a tenant that writes are given up, in milliseconds. */
const SWEEP_INTERVAL = 10 * 60_000;

/** A tenant's points of a collection in Qdrant. */
export class QdrantTenantVectors implements TenantVectors {
  private sweepAt = Date.now() + SWEEP_INTERVAL;

  constructor(
    private readonly collection: QdrantCollection,
    private readonly tenantId: string,
    private readonly dimensions: number,
  ) {}

  async upsert(points: readonly VectorPoint[]): Promise<void> {
    for (const point of points) checkPoint(point);
    for (let start = 0; start < points.length; start += BATCH) {
      await this.collection.upsert(points.slice(start, start + BATCH).map((point) => this.toQdrant(point)));
    }
    await this.sweep(Date.now());
  }

  async search(query: VectorQuery): Promise<readonly VectorMatch[]> {
    checkQuery(query);
    const filter = tenantFilter(
      this.tenantId,
      { key: 'scope', match: { value: query.scope } },
      { key: 'expires_at', range: { gt: Date.now() } },
    );
    const vector = Array.from(unitVector(query.vector, this.dimensions));
    const found = await this.collection.search(filter, vector, query.limit, query.signal);
    return found.map(({ payload, score }) => ({
      id: String(payload?.['id']),
      similarity: Math.max(-1, Math.min(1, score)),
    }));
  }

  async delete(ids: readonly string[]): Promise<void> {
    // Qdrant refuses an id that comes twice.
    const known = [...new Set(ids.map((id) => pointId(this.tenantId, checkedId(id))))];
    for (let start = 0; start < known.length; start += IDS) {
      await this.collection.delete(tenantFilter(this.tenantId, { has_id: known.slice(start, start + IDS) }));
    }
  }

  async purge(createdBefore?: number): Promise<void> {
    const older = createdBefore === undefined ? [] : [{ key: 'created_at', range: { lt: finite(createdBefore) } }];
    await this.collection.delete(tenantFilter(this.tenantId, ...older));
  }

  async count(): Promise<number> {
    return this.collection.count(tenantFilter(this.tenantId));
  }

  private toQdrant({ id, vector, scope, createdAt, expiresAt }: VectorPoint): QdrantPoint {
    const known = checkedId(id);
    return {
      id: pointId(this.tenantId, known),
      vector: Array.from(unitVector(vector, this.dimensions)),
      payload: {
        id: known,
        tenant: this.tenantId,
        scope,
        created_at: Math.floor(finite(createdAt)),
        expires_at: Math.floor(finite(expiresAt)),
      },
    };
  }

  private async sweep(now: number): Promise<void> {
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_INTERVAL;
    await this.collection.delete(tenantFilter(this.tenantId, { key: 'expires_at', range: { lte: now } }));
  }
}

/** JSON knows no Infinity, and Qdrant's integers end at 64 bits. */
function finite(moment: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, moment));
}

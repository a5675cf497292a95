import type { VectorMatch, VectorPoint } from '@parsimony/contract';

/** What a tenant's part of a collection has to answer, worked out by looking at every point. */
export class VectorsModel {
  private readonly points = new Map<string, VectorPoint>();

  get size(): number {
    return this.points.size;
  }

  upsert(points: readonly VectorPoint[]): void {
    for (const point of points) this.points.set(point.id, point);
  }

  delete(ids: readonly string[]): void {
    for (const id of ids) this.points.delete(id);
  }

  purge(createdBefore = Infinity): void {
    for (const { id, createdAt } of this.points.values()) if (createdAt < createdBefore) this.points.delete(id);
  }

  /** All matches, nearest first. */
  search(vector: Float32Array, scope: string, now: number): VectorMatch[] {
    return [...this.points.values()]
      .filter((point) => point.scope === scope && point.expiresAt > now)
      .map((point) => ({ id: point.id, similarity: cosine(point.vector, vector) }))
      .sort((a, b) => b.similarity - a.similarity);
  }

  /** How many points a store must still count: those that have not expired. */
  living(now: number): number {
    return [...this.points.values()].filter((point) => point.expiresAt > now).length;
  }
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  });
  return dot / Math.sqrt(squaresA * squaresB);
}

import type { Schemas } from '@qdrant/js-client-rest';

type Filter = Schemas['Filter'];
type Payload = Record<string, unknown>;

export interface KeptPoint {
  readonly id: string | number;
  /** Of length 1, in single precision, as Qdrant keeps it for the distance Cosine. */
  readonly vector: Float32Array;
  readonly payload: Payload;
  readonly version: number;
}

/** A refusal with the status and the words of Qdrant. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A collection as Qdrant would have it, with nothing but a list of points. */
export class BruteForceCollection {
  readonly indexes = new Map<string, Schemas['PayloadSchemaParams']>();
  private readonly points = new Map<string | number, KeptPoint>();
  private readonly postponed: (() => void)[] = [];
  private operations = 0;

  constructor(readonly config: Schemas['CreateCollection']) {}

  get size(): number {
    return this.points.size;
  }

  get dimensions(): number {
    return (this.config.vectors as Schemas['VectorParams']).size;
  }

  /** Puts off a change that nobody waits for: the next to read does not see it, the one after does. */
  postpone(change: () => void): void {
    this.postponed.push(change);
  }

  settle(): void {
    for (const change of this.postponed.splice(0)) change();
  }

  nextOperation(): number {
    return this.operations++;
  }

  upsert(points: readonly Schemas['PointStruct'][]): void {
    const version = this.operations;
    const kept = points.map(({ id, vector, payload }) => ({
      id,
      vector: this.normalised(vector as number[]),
      payload: payload ?? {},
      version,
    }));
    for (const point of kept) this.points.set(point.id, point);
  }

  query(vector: readonly number[], filter: Filter, limit: number): { point: KeptPoint; score: number }[] {
    const query = this.normalised(vector);
    return this.matching(filter)
      .map((point) => ({
        point,
        score: Math.fround(point.vector.reduce((sum, component, i) => sum + component * (query[i] ?? 0), 0)),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  delete(filter: Filter): void {
    for (const { id } of this.matching(filter)) this.points.delete(id);
  }

  /** @throws Refusal (as in Qdrant's strict mode) where a condition names a field without an index */
  matching(filter: Filter): KeptPoint[] {
    const unknown = Object.keys(filter).filter((clause) => clause !== 'must');
    if (unknown.length > 0) throw new Refusal(501, `the stand-in does not know the clause ${unknown.join()}`);
    const tests = [filter.must ?? []].flat().map((condition) => this.test(condition));
    return [...this.points.values()].filter((point) => tests.every((test) => test(point)));
  }

  private test(condition: Schemas['Condition']): (point: KeptPoint) => boolean {
    if ('has_id' in condition) {
      const ids = new Set(condition.has_id);
      return ({ id }) => ids.has(id);
    }
    if (!('key' in condition)) throw new Refusal(501, 'the stand-in does not know this condition');
    const { key, match, range } = condition;
    if (!this.indexes.has(key)) {
      throw new Refusal(
        400,
        `Bad request: Index required but not found for "${key}" of one of the following types: [keyword, integer]`,
      );
    }
    if (match && 'value' in match) return ({ payload }) => payload[key] === match.value;
    const { lt, lte, gt, gte } = (range ?? {}) as Schemas['Range'];
    return ({ payload }) => {
      const value = payload[key];
      if (typeof value !== 'number' || !Number.isInteger(value)) return false;
      return (
        value < (lt ?? Infinity) &&
        value <= (lte ?? Infinity) &&
        value > (gt ?? -Infinity) &&
        value >= (gte ?? -Infinity)
      );
    };
  }

  private normalised(vector: readonly number[]): Float32Array {
    if (vector.length !== this.dimensions) {
      throw new Refusal(
        400,
        `Wrong input: Vector dimension error: expected dim: ${this.dimensions}, got ${vector.length}`,
      );
    }
    const length = Math.hypot(...vector);
    return Float32Array.from(vector, (component) => component / (length || 1));
  }
}

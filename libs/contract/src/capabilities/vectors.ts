/** A kind of vectors that are compared with each other: those of one embedder for one purpose. */
export interface VectorCollectionSpec {
  /** Lower-case letters, digits and `-`, such as `semantic-cache-bundled-use-lite`. */
  readonly name: string;
  readonly dimensions: number;
}

export interface VectorPoint {
  /** UUID. */
  readonly id: string;
  /** Compared by the cosine of the angle; its length does not matter and must not be 0. */
  readonly vector: Float32Array;
  /** What is never compared with another scope: up to 128 visible ASCII characters. */
  readonly scope: string;
  /** When it was made; milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** From when on it is no longer found; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export interface VectorQuery {
  readonly vector: Float32Array;
  readonly scope: string;
  /** How many of the nearest are wanted, 1 to 100. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface VectorMatch {
  readonly id: string;
  /** Cosine similarity, -1 to 1. */
  readonly similarity: number;
}

/** A tenant's part of a collection. There is no way to ask past it. */
export interface TenantVectors {
  /** Writes points; one that bears a known id replaces it. @throws VectorsUnavailable */
  upsert(points: readonly VectorPoint[]): Promise<void>;
  /** The nearest points of the scope that have not expired, nearest first. @throws VectorsUnavailable */
  search(query: VectorQuery): Promise<readonly VectorMatch[]>;
  /** Forgets points; ids that are not known are passed over. @throws VectorsUnavailable */
  delete(ids: readonly string[]): Promise<void>;
  /** Forgets what was made before a moment (milliseconds since the Unix epoch), or all. @throws VectorsUnavailable */
  purge(createdBefore?: number): Promise<void>;
  /** How many points there are, expired ones that were not yet given up included. @throws VectorsUnavailable */
  count(): Promise<number>;
}

export interface VectorCollection {
  /** @param tenantId UUID. */
  of(tenantId: string): TenantVectors;
}

/** Capability `vectors`: nearest neighbours, kept apart by tenant. */
export interface Vectors {
  /** Opens a collection, and makes it where it is not there. @throws VectorsUnavailable, RangeError */
  collection(spec: VectorCollectionSpec): Promise<VectorCollection>;
}

import type { VectorMatch } from '@parsimony/contract';

/** The part of a collection that a task is about. */
export interface TaskTarget {
  readonly collection: string;
  readonly dimensions: number;
  readonly tenant: string;
}

/** Points as they go to the worker thread: packed, since many small objects cost more to copy. */
export interface PackedPoints {
  readonly ids: readonly string[];
  readonly scopes: readonly string[];
  readonly createdAt: Float64Array;
  readonly expiresAt: Float64Array;
  /** One after the other, of length 1, in half precision. */
  readonly vectors: Uint16Array;
}

export type VectorWork =
  | { readonly kind: 'search'; readonly vector: Float32Array; readonly scope: string; readonly limit: number }
  | { readonly kind: 'upsert'; readonly points: PackedPoints }
  | { readonly kind: 'delete'; readonly ids: readonly string[] }
  | { readonly kind: 'purge'; readonly createdBefore: number }
  | { readonly kind: 'count' };

/** What the worker thread is asked; without a target: to save everything and stop. */
export interface VectorTask {
  readonly id: number;
  readonly target?: TaskTarget;
  readonly work?: VectorWork;
}

export type VectorResult = readonly VectorMatch[] | number | undefined;

export type FromVectorWorker =
  | { readonly id: number; readonly result?: VectorResult; readonly error?: string }
  | { readonly warning: string; readonly fields: { readonly [name: string]: string | number } };

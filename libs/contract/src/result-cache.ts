import type { CallContext } from './call.js';
import type { Json } from './json.js';
import type { PicoDollars } from './money.js';

/** A question whose answer an application keeps by itself: a RAG answer, a class, an embedding. */
export interface ResultQuestion {
  /** Lower-case letters, digits, `.`, `_` and `-`, 64 at most. */
  readonly namespace: string;
  readonly input: string;
}

/** @see ResultCache.lookUp */
export interface ResultLookup {
  readonly outcome: 'exact' | 'semantic' | 'miss';
  /** The kept value of a hit; null at a miss. */
  readonly value: Json;
  /** Cosine similarity of the question that was answered and the one that is asked; null where none was near. */
  readonly similarity: number | null;
  /** At a miss: to be given back with the value, so that the cache learns whether its nearest answer would have done. */
  readonly ticket: string | null;
  /** What the kept value had cost. */
  readonly saved: PicoDollars;
}

export interface ResultToKeep extends ResultQuestion {
  readonly value: Json;
  readonly ticket?: string;
  /** How long it holds; by default as long as the tenant's cache keeps answers. */
  readonly ttlMs?: number;
  /** What it has cost to make. */
  readonly cost?: PicoDollars;
}

/** Intermediate results of a tenant's applications, by namespace. */
export interface ResultCache {
  /** @throws DatabaseUnavailable, VectorsUnavailable, EmbedderUnavailable */
  lookUp(context: CallContext, question: ResultQuestion): Promise<ResultLookup>;
  /** @returns the entry's id. @throws DatabaseUnavailable, VectorsUnavailable, EmbedderUnavailable */
  keep(context: CallContext, result: ResultToKeep): Promise<string>;
}

/** What is to be forgotten: all that every given field says. */
export interface PurgeRequest {
  /** What was kept before this moment; milliseconds since the Unix epoch. */
  readonly olderThan?: number;
  /** What was asked with this text in it, in any case. */
  readonly promptContains?: string;
  /** Intermediate results of one namespace only. */
  readonly namespace?: string;
}

/** How often one kind of answers of a tenant's was right, as measured on hits that were asked afresh. */
export interface CacheQuality {
  /** Such as `chat`, or `results/NAMESPACE`. */
  readonly kind: string;
  /** The share of requests that may be answered wrongly. */
  readonly maxErrorRate: number;
  readonly lookups: number;
  readonly hits: number;
  /** Look-ups that had a neighbour and were asked afresh all the same, to learn. */
  readonly explorations: number;
  /** Hits that were not served but asked afresh, to measure. */
  readonly audits: number;
  /** Audits whose kept answer was not the fresh one. */
  readonly falseHits: number;
  /** False hits ÷ hits by those audits, with its interval of 95 % confidence; null before the first audit. */
  readonly falseHitRate: { readonly rate: number; readonly low: number; readonly high: number } | null;
  /** False hits ÷ all look-ups that follow from it; null before the first audit. */
  readonly errorRate: { readonly rate: number; readonly low: number; readonly high: number } | null;
  readonly entries: number;
  readonly bytes: number;
}

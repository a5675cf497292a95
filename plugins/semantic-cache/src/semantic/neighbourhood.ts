import { EmbedderUnavailable, isParsimonyError, VectorsUnavailable } from '@parsimony/contract';
import type {
  CallContext,
  Embedder,
  Host,
  TenantVectors,
  VectorCollection,
  VectorMatch,
  Vectors,
} from '@parsimony/contract';
import { Breaker } from '../faults/breaker.js';

/** Where a text stands among the questions that were answered. */
export interface Place {
  readonly vector: Float32Array;
  /** Nearest first. */
  readonly matches: readonly VectorMatch[];
}

/** A point's times and the scope in which it is found. */
export interface Point {
  readonly id: string;
  readonly vector: Float32Array;
  readonly scope: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

const FAILURES = 5;
const REST_MS = 5_000;

/** How many neighbours speak for and against an answer. */
const NEIGHBOURS = 8;

/** What one embedder's vectors make neighbours of. Where embedder or store are away it says so at once. */
export class Neighbourhood {
  readonly #embedderBreaker: Breaker;
  readonly #vectorsBreaker: Breaker;
  #collection: Promise<VectorCollection> | undefined;

  constructor(
    readonly embedder: Embedder,
    private readonly vectors: Vectors,
    reportHealth: Host['reportHealth'],
  ) {
    this.#embedderBreaker = breaker(`embedder ${embedder.id}`, reportHealth);
    this.#vectorsBreaker = breaker('vectors', reportHealth);
  }

  /** @throws EmbedderUnavailable, VectorsUnavailable, the reason of the context's signal. */
  async place(context: CallContext, scope: string, text: string): Promise<Place> {
    const vector = await this.vectorOf(context, text);
    const matches = await this.#ask(context.caller.tenantId, (tenant) =>
      tenant.search({ vector, scope, limit: NEIGHBOURS, signal: context.signal }),
    );
    return { vector, matches };
  }

  /** @throws EmbedderUnavailable, the reason of the context's signal. */
  async vectorOf(context: CallContext, text: string): Promise<Float32Array> {
    const [vector] = await tried(this.#embedderBreaker, EmbedderUnavailable, () =>
      this.embedder.embed([text], context),
    );
    if (!vector) throw new EmbedderUnavailable('the embedder gave no vector');
    return vector;
  }

  /** @throws VectorsUnavailable */
  async add(tenantId: string, point: Point): Promise<void> {
    await this.#ask(tenantId, (tenant) => tenant.upsert([point]));
  }

  /** @throws VectorsUnavailable */
  async forget(tenantId: string, ids: readonly string[]): Promise<void> {
    await this.#ask(tenantId, (tenant) => tenant.delete(ids));
  }

  #ask<Result>(tenantId: string, ask: (tenant: TenantVectors) => Promise<Result>): Promise<Result> {
    return tried(this.#vectorsBreaker, VectorsUnavailable, async () => {
      const collection = await (this.#collection ??= this.#open());
      return ask(collection.of(tenantId));
    });
  }

  async #open(): Promise<VectorCollection> {
    try {
      const { id, dimensions } = this.embedder;
      return await this.vectors.collection({ name: `semantic-cache-${id}`, dimensions });
    } catch (error) {
      this.#collection = undefined;
      throw error;
    }
  }
}

function breaker(part: string, reportHealth: Host['reportHealth']): Breaker {
  return new Breaker({
    failures: FAILURES,
    restMs: REST_MS,
    changed: (failure) => reportHealth(part, failure === null ? null : messageOf(failure)),
  });
}

/** Only what the store or the embedder itself says counts against it: not a caller who left, nor a budget that is spent. */
async function tried<Result>(
  gate: Breaker,
  Unavailable: typeof EmbedderUnavailable | typeof VectorsUnavailable,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!gate.permits()) throw new Unavailable('it has failed too often of late');
  try {
    const result = await work();
    gate.succeeded();
    return result;
  } catch (error) {
    if (isParsimonyError(error) && error.code === new Unavailable('').code) gate.failed(error);
    throw error;
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

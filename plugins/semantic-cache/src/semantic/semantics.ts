import type { CacheQuality, Capabilities, Host, Layer, ResultCache } from '@parsimony/contract';
import { comparerOf, type Comparer } from '../comparison/index.js';
import type { Configuration } from '../configuration.js';
import type { EntryStore, Forgotten } from '../entries/index.js';
import { BackgroundQueue, qualityFigures, SharedLearning } from '../learning/index.js';
import { NamedResults } from '../results/index.js';
import { Apprentice } from './apprentice.js';
import { Neighbourhood } from './neighbourhood.js';
import { SemanticIndex } from './semantic-index.js';
import { semanticLayer } from './semantic-layer.js';

/** What answers by meaning need of the host and of the plugin. */
export interface SemanticsOptions {
  readonly host: Host<'database' | 'embeddings' | 'models' | 'vectors'>;
  readonly entries: EntryStore;
  /** Draws explorations and audits, from 0 to below 1. */
  readonly random?: () => number;
  /** How long a call may wait for an answer by meaning, in milliseconds. */
  readonly lookUpMs?: number;
}

const LOOK_UP_MS = 250;

/** So many points a store is told to forget at once. */
const MOST_IDS = 1_000;

/** A warning that lasts comes this often. */
const QUIET_MS = 60_000;

/** Everything that answers by meaning, for all tenants of this process. */
export class Semantics implements AsyncDisposable {
  readonly #capabilities: Pick<Capabilities, 'database' | 'embeddings' | 'models' | 'vectors'>;
  readonly #learning: SharedLearning;
  readonly #queue: BackgroundQueue;
  readonly #indexes = new Map<string, SemanticIndex | undefined>();
  readonly #random: () => number;
  /** Milliseconds since the Unix epoch. */
  #quietUntil = 0;

  constructor(private readonly options: SemanticsOptions) {
    const { capabilities, log } = options.host;
    this.#capabilities = capabilities;
    this.#learning = new SharedLearning(capabilities.database, log);
    this.#queue = new BackgroundQueue((error) => this.#unlearnt(error));
    this.#random = options.random ?? Math.random;
    options.entries.onForgotten((forgotten) => this.#forget(forgotten));
  }

  /** Once per tenant revision. */
  layer(config: Configuration): Layer {
    const index = this.#indexOf(config);
    if (!index) return (call, next) => next(call);
    const { entries, lookUpMs = LOOK_UP_MS } = this.options;
    const { models } = this.#capabilities;
    const apprentice = new Apprentice(index, this.#learning, this.#queue, this.#comparerOf(config, index));
    return semanticLayer({ index, entries, models, quality: this.#learning.quality, apprentice, lookUpMs }, config);
  }

  /** Once per tenant revision. */
  results(config: Configuration): ResultCache {
    const index = this.#indexOf(config);
    const comparer: Comparer = index ? this.#comparerOf(config, index) : async () => undefined;
    const { entries } = this.options;
    return new NamedResults({ index, comparer, entries, learning: this.#learning, queue: this.#queue }, config);
  }

  /** The figures of every kind of answers that a tenant has. @throws DatabaseUnavailable */
  async quality({ maxErrorRate }: Configuration, tenantId: string): Promise<readonly CacheQuality[]> {
    const [counts, kept] = await Promise.all([
      this.#learning.quality.read(tenantId),
      this.options.entries.count(tenantId),
    ]);
    return qualityFigures(counts, kept, maxErrorRate);
  }

  /** Resolves when all that has passed is learnt and shared, as far as the database can be reached. */
  async settle(): Promise<void> {
    await this.#queue.idle();
    await this.#learning.settle();
  }

  /** Learns what it can of what has passed, and shares it. Before the entries' store is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue[Symbol.asyncDispose]();
    await this.#learning[Symbol.asyncDispose]();
  }

  /** A store that is away would fill the log with a line for each answer. */
  #unlearnt(error: unknown): void {
    const now = Date.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    const reason = error instanceof Error ? error.name : 'unknown';
    this.options.host.log.warn('nothing is learnt from answers', { reason, dropped: this.#queue.dropped });
  }

  /** Undefined where the tenant wants nothing answered by its meaning, or the deployment lacks its embedder. */
  #indexOf({ embedder: name, maxErrorRate, semantic }: Configuration): SemanticIndex | undefined {
    if (!semantic || maxErrorRate === 0) return undefined;
    if (!this.#indexes.has(name)) this.#indexes.set(name, this.#open(name));
    return this.#indexes.get(name);
  }

  #open(name: string): SemanticIndex | undefined {
    const { entries, host } = this.options;
    const embedder = this.#capabilities.embeddings.embedder(name);
    host.reportHealth(`embedder ${name}`, embedder ? null : 'this deployment has no such embedder');
    if (!embedder) return undefined;
    const neighbourhood = new Neighbourhood(embedder, this.#capabilities.vectors, host.reportHealth);
    return new SemanticIndex(neighbourhood, entries, this.#learning, this.#random);
  }

  #comparerOf({ compare }: Configuration, { neighbourhood }: SemanticIndex): Comparer {
    return comparerOf(compare, neighbourhood.embedder, this.#capabilities.models);
  }

  /** Which embedder's they are nobody knows: each that is in use here is told. */
  async #forget({ ids, tenantId }: Forgotten): Promise<void> {
    for (const index of this.#indexes.values()) {
      for (let start = 0; index && start < ids.length; start += MOST_IDS) {
        await index.neighbourhood.forget(tenantId, ids.slice(start, start + MOST_IDS));
      }
    }
  }
}

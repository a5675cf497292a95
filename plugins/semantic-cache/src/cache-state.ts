import type { Host } from '@parsimony/contract';
import { PostgresEntryStore } from './entries/index.js';
import type { ExactParts } from './exact/index.js';
import { Flights } from './flight/index.js';
import { Semantics } from './semantic/semantics.js';

/** What the cache asks its host for. */
export type CacheNeeds = 'database' | 'embeddings' | 'models' | 'vectors';

/** What the cache holds for all tenants of this process. */
export class CacheState implements AsyncDisposable {
  readonly entries: PostgresEntryStore;
  readonly exact: ExactParts;
  readonly semantics: Semantics;

  constructor(host: Host<CacheNeeds>) {
    const { models } = host.capabilities;
    this.entries = new PostgresEntryStore(host);
    this.exact = { entries: this.entries, flights: new Flights(), models, log: host.log };
    this.semantics = new Semantics({ host, entries: this.entries });
  }

  /** What is still being learnt may yet be kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.semantics[Symbol.asyncDispose]();
    await this.entries[Symbol.asyncDispose]();
  }
}

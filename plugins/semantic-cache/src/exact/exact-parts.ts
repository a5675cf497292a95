import type { LayerScope, Models, Next, PluginLog } from '@parsimony/contract';
import type { Configuration } from '../configuration.js';
import type { EntryLimits, EntryStore } from '../entries/index.js';
import type { Flights } from '../flight/index.js';
import type { KeyedCall } from '../keys/index.js';

/** What the layer works with, for all tenants of this process. */
export interface ExactParts {
  readonly entries: EntryStore;
  readonly flights: Flights;
  readonly models: Models;
  readonly log: PluginLog;
}

/** What a tenant's revision wants of the exact cache. */
export interface ExactRules extends Pick<Configuration, 'exact' | 'singleFlight' | 'splitCost'> {
  readonly ttlMs: number;
  readonly limits: EntryLimits;
}

/** A call, and what stands for it in the cache. */
export interface ExactRequest {
  readonly call: KeyedCall;
  readonly next: Next;
  readonly scope: LayerScope;
  readonly key: Buffer;
  /** `idOfKey` of the key. */
  readonly id: string;
}

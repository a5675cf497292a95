import type { PluginDatabase } from './capabilities/database.js';
import type { Embeddings } from './capabilities/embeddings.js';
import type { Models } from './capabilities/models.js';
import type { Vectors } from './capabilities/vectors.js';

/**
 * What a host hands to plugins by name. Where a plugin needs something that is not here, the contract gains a capability,
 * together with its first user.
 */
export interface Capabilities {
  readonly database: PluginDatabase;
  readonly embeddings: Embeddings;
  readonly models: Models;
  readonly vectors: Vectors;
}

export type Capability = keyof Capabilities;

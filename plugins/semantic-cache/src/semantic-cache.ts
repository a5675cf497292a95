import { definePlugin } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { z } from 'zod';
import { CacheState } from './cache-state.js';
import { configuration } from './configuration.js';
import { exactLayer } from './exact/index.js';
import { migrations } from './migrations.js';

export default definePlugin({
  contract: 1,
  name: 'semantic-cache',
  config: configuration,
  configSchema: z.toJSONSchema(configuration, { io: 'input' }) as JsonObject,
  needs: ['database', 'embeddings', 'models', 'vectors'],
  migrations,
  onFailure: 'bypass',
  ownTimeMs: 1_000,
  open: (host) => Promise.resolve(new CacheState(host)),
  layers: [
    { stage: 'exact-cache', layer: ({ exact }, config) => exactLayer(exact, config) },
    { stage: 'semantic-cache', layer: ({ semantics }, config) => semantics.layer(config) },
  ],
  cache: {
    results: ({ semantics }, config) => semantics.results(config),
    purge: ({ entries }, tenantId, request) => entries.purge(tenantId, request),
    quality: ({ semantics }, config, tenantId) => semantics.quality(config, tenantId),
  },
});

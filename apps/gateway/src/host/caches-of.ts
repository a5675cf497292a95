import type { CacheQuality, PurgeRequest } from '@parsimony/contract';
import type { PluginRegistry } from '@parsimony/pipeline';
import type { TenantView } from '@parsimony/tenancy';

/** A plugin's cache, as one tenant has it. */
export interface TenantCache {
  /** The plugin's. */
  readonly name: string;
  /** Whether the tenant's calls go through it. One that is off may still keep what it once learnt. */
  readonly enabled: boolean;
  /** @returns how many entries are no more. @throws DatabaseUnavailable, VectorsUnavailable */
  purge(request: PurgeRequest): Promise<number>;
  /** Nothing where the tenant has the plugin off. @throws DatabaseUnavailable */
  quality(): Promise<readonly CacheQuality[]>;
}

/** The caches that this deployment keeps for a tenant. */
export function cachesOf(
  { plugins }: { readonly plugins: PluginRegistry },
  { id, document }: Pick<TenantView, 'id' | 'document'>,
): readonly TenantCache[] {
  return plugins.all().flatMap(({ plugin: { name, cache }, shared }) => {
    if (!cache) return [];
    const enabled = document?.plugins.find(({ use }) => use === name);
    const contribution: TenantCache = {
      name,
      enabled: enabled !== undefined,
      purge: (request) => cache.purge(shared, id, request),
      quality: async () => (enabled ? cache.quality(shared, enabled.config, id) : []),
    };
    return [contribution];
  });
}

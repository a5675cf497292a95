import { CacheNotEnabled } from '@parsimony/contract';
import type { PurgeRequest } from '@parsimony/contract';
import type { AuditService } from '@parsimony/tenancy';

/** A plugin's cache of one tenant. */
export interface PurgeableCache {
  readonly name: string;
  /** @returns how many entries are no more. */
  purge(request: PurgeRequest): Promise<number>;
}

export interface PurgeReport {
  readonly purged: number;
  readonly caches: readonly { readonly plugin: string; readonly purged: number }[];
}

/**
 * Has caches forget what they have of a tenant, at every gateway.
 *
 * @throws CacheNotEnabled where there is none; DatabaseUnavailable, VectorsUnavailable: ask again, a part may be gone.
 */
export async function purgeCaches(
  caches: readonly PurgeableCache[],
  audit: Pick<AuditService, 'note'>,
  tenantId: string,
  request: PurgeRequest,
): Promise<PurgeReport> {
  if (caches.length === 0) throw new CacheNotEnabled('no plugin of this deployment keeps answers');
  const { olderThan, promptContains, namespace } = request;
  // Before, and not after: what is gone must not be gone without a trace where the gateway dies in between. Without the text:
  // whoever wants it forgotten must not find it in a log that forgets nothing.
  await audit.note({
    tenantId,
    action: 'cache.purge',
    targetKind: 'cache',
    targetId: namespace ?? 'all',
    detail: {
      ...(olderThan !== undefined && { olderThan: new Date(olderThan).toISOString() }),
      ...(promptContains !== undefined && { byText: true }),
    },
  });
  const purged = await Promise.all(
    caches.map(async (cache) => ({ plugin: cache.name, purged: await cache.purge(request) })),
  );
  return { purged: purged.reduce((sum, each) => sum + each.purged, 0), caches: purged };
}

import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query } from '@nestjs/graphql';
import { InvalidRequest, ResourceNotFound } from '@parsimony/contract';
import type { PurgeRequest } from '@parsimony/contract';
import type { Principal, TenancyServices } from '@parsimony/tenancy';
import { purgeCaches } from '../../edge/cache/purge-caches.js';
import { checkNamespace } from '../../edge/cache/result-fields.js';
import { cachesOf, type TenantCache } from '../../host/caches-of.js';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import { CacheQualityObject } from './cache-quality.type.js';
import { PurgeReportObject } from './purge-report.type.js';

const LONGEST_TEXT = 1_000;

/** What a tenant's caches keep: forgotten, and measured. */
@ApiResolver()
export class CacheAdministrationResolver {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  @Mutation(() => PurgeReportObject, {
    description:
      'Forgets what meets all that is given, or everything; when it comes back, no gateway answers from it any more. A namespace means intermediate results only. Where a store is away, ask again: a part may be gone.',
  })
  @Requires('cache.purge')
  purgeCache(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args('olderThan', { type: () => Date, nullable: true }) olderThan: Date | null | undefined,
    @Args('promptContains', { type: () => String, nullable: true, description: 'In any case.' })
    promptContains: string | null | undefined,
    @Args('namespace', { type: () => String, nullable: true }) namespace: string | null | undefined,
    @Context('principal') principal: Principal,
    @Context('tenancy') { audit }: TenancyServices,
  ): Promise<PurgeReportObject> {
    demand(principal, 'cache.purge', { tenantId });
    const request: PurgeRequest = {
      ...(olderThan != null && { olderThan: olderThan.getTime() }),
      ...(promptContains != null && { promptContains: checkText(promptContains) }),
      ...(namespace != null && { namespace: checkNamespace(namespace) }),
    };
    return purgeCaches(this.#cachesOf(tenantId), audit, tenantId, request);
  }

  @Query(() => [CacheQualityObject], {
    complexity: perListItem,
    description: 'Of the caches that the tenant has switched on. For keys that read the usage of the whole tenant.',
  })
  @Requires('usage.read')
  async cacheQuality(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Context('principal') principal: Principal,
  ): Promise<CacheQualityObject[]> {
    demand(principal, 'usage.read', { tenantId });
    const measured = await Promise.all(
      this.#cachesOf(tenantId).map(async (cache) =>
        (await cache.quality()).map((each) => ({ plugin: cache.name, ...each })),
      ),
    );
    return measured.flat();
  }

  /** @throws ResourceNotFound, which only an operator can meet: other keys have a tenant. */
  #cachesOf(tenantId: string): readonly TenantCache[] {
    const tenant = this.core.directory.tenant(tenantId);
    if (!tenant) throw new ResourceNotFound('there is no such tenant', { param: 'tenantId' });
    return cachesOf(this.core, tenant);
  }
}

function checkText(text: string): string {
  if (text.trim() !== '' && text.length <= LONGEST_TEXT && !text.includes('\0')) return text;
  throw new InvalidRequest(`promptContains must be a text of 1 to ${LONGEST_TEXT} characters`, {
    param: 'promptContains',
  });
}

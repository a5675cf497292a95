import { Context, Parent, ResolveField } from '@nestjs/graphql';
import type { ApiKey, Principal, RateLimit, Team, Tenant } from '@parsimony/tenancy';
import { mayReadLimit } from '../budgets/budget-access.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { ApiKeyObject } from '../tenancy/api-key.type.js';
import { TeamObject } from '../tenancy/team.type.js';
import { TenantObject } from '../tenancy/tenant.type.js';
import { RateLimitObject } from './rate-limit.type.js';

@ApiResolver(() => TenantObject)
export class TenantRateLimitsResolver {
  @ResolveField(() => [RateLimitObject], {
    complexity: perListItem,
    description: 'Those of the tenant as a whole and of its tags, if the key may see them.',
  })
  async rateLimits(
    @Parent() { id: tenantId }: Tenant,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly RateLimit[]> {
    const limits = await readableRateLimits(principal, tenantId, loaders);
    return limits.filter(({ teamId, keyId }) => teamId === null && keyId === null);
  }
}

@ApiResolver(() => TeamObject)
export class TeamRateLimitsResolver {
  @ResolveField(() => [RateLimitObject], { complexity: perListItem, description: 'Its own, and those of its tags.' })
  async rateLimits(
    @Parent() { tenantId, id }: Team,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly RateLimit[]> {
    const limits = await readableRateLimits(principal, tenantId, loaders);
    return limits.filter(({ teamId, keyId }) => teamId === id && keyId === null);
  }
}

@ApiResolver(() => ApiKeyObject)
export class ApiKeyRateLimitsResolver {
  @ResolveField(() => [RateLimitObject], { complexity: perListItem, description: 'Its own, and those of its tags.' })
  async rateLimits(
    @Parent() { tenantId, id }: ApiKey,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly RateLimit[]> {
    const limits = await readableRateLimits(principal, tenantId, loaders);
    return limits.filter(({ keyId }) => keyId === id);
  }
}

/** A tenant's rate limits that the bearer of a key may see, oldest first. */
async function readableRateLimits(
  principal: Principal,
  tenantId: string,
  loaders: RequestLoaders,
): Promise<readonly RateLimit[]> {
  const limits = await loaders.rateLimitsOfTenant.load(tenantId);
  return limits.filter((limit) => mayReadLimit(principal, limit));
}

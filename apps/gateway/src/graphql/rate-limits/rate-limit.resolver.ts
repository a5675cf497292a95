import { Args, Context, ID, Mutation, Parent, ResolveField } from '@nestjs/graphql';
import type { Principal, RateLimit, TenancyServices } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { demandPlace } from '../budgets/budget-access.js';
import type { Everywhere } from '../graphql-context.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { SetRateLimitInput } from './rate-limit.input.js';
import { RateLimitObject } from './rate-limit.type.js';

@ApiResolver(() => RateLimitObject)
export class RateLimitResolver {
  @ResolveField(() => ID, { nullable: true, description: 'Null: not only of one key.' })
  apiKeyId(@Parent() { keyId }: RateLimit): string | null {
    return keyId;
  }

  @Mutation(() => RateLimitObject, {
    description:
      'Makes the rate limit of a place, or replaces it with all its measures. A member sets those of its team and of the keys of its team, but for those that an administrator has set.',
  })
  @Requires('rate-limit.set')
  async setRateLimit(
    @Args('input') input: SetRateLimitInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { rateLimits }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<RateLimit> {
    const { tenantId, teamId = null, apiKeyId: keyId = null, ...wish } = input;
    await demandPlace(principal, 'rate-limit.set', { tenantId, teamId, keyId }, loaders);
    const limit = await everywhere(tenantId, () => rateLimits.set({ tenantId, teamId, keyId, ...wish }));
    loaders.forget();
    return limit;
  }

  @Mutation(() => ID, { description: 'The id of the rate limit that is no more.' })
  @Requires('rate-limit.delete')
  async deleteRateLimit(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('tenancy') { rateLimits }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<string> {
    const { tenantId, teamId, keyId } = await rateLimits.locate(id);
    demand(principal, 'rate-limit.delete', { tenantId, teamId, keyId });
    await everywhere(tenantId, () => rateLimits.delete(id));
    loaders.forget();
    return id;
  }
}

import { Context, ID, Parent, ResolveField } from '@nestjs/graphql';
import { can } from '@parsimony/tenancy';
import type { ApiKey, Budget, Principal, Team } from '@parsimony/tenancy';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { ApiKeyObject } from '../tenancy/api-key.type.js';
import { TeamObject } from '../tenancy/team.type.js';
import { BudgetObject } from './budget.type.js';

/** For whose calls a budget holds. */
@ApiResolver(() => BudgetObject)
export class BudgetOwnerResolver {
  @ResolveField(() => ID, { nullable: true, description: 'Null: not only of one key.' })
  apiKeyId(@Parent() { keyId }: Budget): string | null {
    return keyId;
  }

  @ResolveField(() => TeamObject, { nullable: true })
  async team(
    @Parent() { tenantId, teamId }: Budget,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Team | null> {
    if (teamId === null) return null;
    return (await loaders.teamsOfTenant.load(tenantId)).find(({ id }) => id === teamId) ?? null;
  }

  @ResolveField(() => ApiKeyObject, { nullable: true })
  async apiKey(
    @Parent() { tenantId, keyId }: Budget,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<ApiKey | null> {
    if (keyId === null) return null;
    return (await loaders.keysOfTenant.load(tenantId)).find(({ id }) => id === keyId) ?? null;
  }

  @ResolveField(() => [TeamObject], {
    complexity: perListItem,
    description: 'The teams that share it, as far as the key may see them; empty where it is not shared.',
  })
  async teams(
    @Parent() { tenantId, pooledTeamIds }: Budget,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly Team[]> {
    if (pooledTeamIds === null) return [];
    const teams = await loaders.teamsOfTenant.load(tenantId);
    return teams.filter(
      ({ id }) => pooledTeamIds.includes(id) && can(principal, 'team.read', { tenantId, teamId: id }),
    );
  }
}

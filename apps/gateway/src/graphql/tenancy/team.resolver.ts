import { Args, Context, Mutation, Parent, ResolveField } from '@nestjs/graphql';
import { can } from '@parsimony/tenancy';
import type { ApiKey, Principal, Team, TenancyServices } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { ApiKeyObject } from './api-key.type.js';
import { TeamObject } from './team.type.js';
import { CreateTeamInput } from './tenancy.inputs.js';

@ApiResolver(() => TeamObject)
export class TeamResolver {
  @Mutation(() => TeamObject)
  @Requires('team.create')
  createTeam(
    @Args('input') { tenantId, name }: CreateTeamInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { teams }: TenancyServices,
  ): Promise<Team> {
    demand(principal, 'team.create', { tenantId });
    return teams.create(tenantId, name);
  }

  @ResolveField(() => [ApiKeyObject], { complexity: perListItem, description: 'Revoked ones included.' })
  async apiKeys(
    @Parent() { tenantId, id: teamId }: Team,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<ApiKey[]> {
    const keys = await loaders.keysOfTenant.load(tenantId);
    return keys.filter(
      (key) => key.teamId === teamId && can(principal, 'key.read', { tenantId, teamId, keyId: key.id }),
    );
  }
}

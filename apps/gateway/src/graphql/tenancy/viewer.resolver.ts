import { Context, Parent, Query, ResolveField } from '@nestjs/graphql';
import type { Principal, Team, Tenant } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { TeamObject } from './team.type.js';
import { TenantObject } from './tenant.type.js';
import { ViewerObject } from './viewer.type.js';

@ApiResolver(() => ViewerObject)
export class ViewerResolver {
  @Query(() => ViewerObject)
  @Requires('authenticated')
  viewer(@Context('principal') principal: Principal): Principal {
    return principal;
  }

  @ResolveField(() => TenantObject, { nullable: true, description: 'Null for an operator.' })
  tenant(
    @Parent() { tenantId }: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Tenant | null> | null {
    return tenantId === null ? null : loaders.tenants.load(tenantId);
  }

  @ResolveField(() => TeamObject, {
    nullable: true,
    description: 'Null where the key belongs to the tenant as a whole.',
  })
  async team(
    @Parent() { tenantId, teamId }: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Team | null> {
    if (tenantId === null || teamId === null) return null;
    const teams = await loaders.teamsOfTenant.load(tenantId);
    return teams.find(({ id }) => id === teamId) ?? null;
  }
}

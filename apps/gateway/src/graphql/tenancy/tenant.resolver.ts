import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField } from '@nestjs/graphql';
import { ResourceNotFound } from '@parsimony/contract';
import { can, cursorOf } from '@parsimony/tenancy';
import type { ApiKey, Principal, Team, TenancyServices, Tenant, TenantConfiguration } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { connectionOf, type Connection } from '../connections/connection.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perItemOfPage, perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { ApiKeyObject } from './api-key.type.js';
import { documentObject } from './document-object.js';
import { TeamObject } from './team.type.js';
import { CreateTenantInput } from './tenancy.inputs.js';
import { TenantConfigurationObject } from './tenant-configuration.type.js';
import { TenantConnectionObject, TenantObject } from './tenant.type.js';

@ApiResolver(() => TenantObject)
export class TenantResolver {
  @Query(() => TenantConnectionObject, { complexity: perItemOfPage, description: 'Oldest first.' })
  @Requires('tenant.list')
  async tenants(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Context('principal') principal: Principal,
    @Context('tenancy') tenancy: TenancyServices,
  ): Promise<Connection<Tenant>> {
    demand(principal, 'tenant.list', {});
    const { items, hasNextPage } = await tenancy.tenants.list({ first: first ?? 50, after: after ?? null });
    return connectionOf(items, { cursorOf, hasNextPage, after });
  }

  @Query(() => TenantObject, { nullable: true, description: 'Null where the key may not see it.' })
  @Requires('tenant.read')
  tenant(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Tenant | null> | null {
    return can(principal, 'tenant.read', { tenantId: id }) ? loaders.tenants.load(id) : null;
  }

  @Mutation(() => TenantObject)
  @Requires('tenant.create')
  createTenant(
    @Args('input') { name, document }: CreateTenantInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { actor, tenants }: TenancyServices,
  ): Promise<Tenant> {
    demand(principal, 'tenant.create', {});
    return tenants.create({
      name,
      ...(document != null && { document: documentObject(document) }),
      createdBy: actor.id,
    });
  }

  @ResolveField(() => [TeamObject], { complexity: perListItem, description: 'Those that the key may see.' })
  async teams(
    @Parent() { id: tenantId }: Tenant,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Team[]> {
    const teams = await loaders.teamsOfTenant.load(tenantId);
    return teams.filter(({ id: teamId }) => can(principal, 'team.read', { tenantId, teamId }));
  }

  @ResolveField(() => [ApiKeyObject], {
    complexity: perListItem,
    description: 'Those that the key may see, revoked ones included.',
  })
  async apiKeys(
    @Parent() { id: tenantId }: Tenant,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<ApiKey[]> {
    const keys = await loaders.keysOfTenant.load(tenantId);
    return keys.filter(({ id: keyId, teamId }) => can(principal, 'key.read', { tenantId, teamId, keyId }));
  }

  @ResolveField(() => TenantConfigurationObject)
  async configuration(
    @Parent() { id: tenantId }: Tenant,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<TenantConfiguration> {
    demand(principal, 'configuration.read', { tenantId });
    const configuration = await loaders.configurationOfTenant.load(tenantId);
    if (!configuration) throw new ResourceNotFound('the tenant is gone');
    return configuration;
  }
}

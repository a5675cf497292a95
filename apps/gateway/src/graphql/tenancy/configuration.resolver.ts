import { Args, Context, ID, Int, Mutation } from '@nestjs/graphql';
import type { Json } from '@parsimony/contract';
import type { Principal, TenancyServices, TenantConfiguration } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import type { Everywhere } from '../graphql-context.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { documentObject } from './document-object.js';
import { TenantConfigurationObject } from './tenant-configuration.type.js';

@ApiResolver()
export class ConfigurationResolver {
  @Mutation(() => TenantConfigurationObject, {
    description: 'Writes the next revision if nobody else wrote one since `expectedRevision`.',
  })
  @Requires('configuration.update')
  updateTenantConfiguration(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args('document', { type: () => JsonScalar }) document: Json,
    @Args('expectedRevision', { type: () => Int }) expectedRevision: number,
    @Context('principal') principal: Principal,
    @Context('everywhere') everywhere: Everywhere,
    @Context('tenancy') { actor, configurations }: TenancyServices,
  ): Promise<TenantConfiguration> {
    demand(principal, 'configuration.update', { tenantId });
    const parsed = documentObject(document);
    return everywhere(tenantId, () => configurations.update(tenantId, parsed, expectedRevision, actor.id));
  }
}

import { Args, Context, ID, Mutation, Query } from '@nestjs/graphql';
import { PermissionDenied, ResourceNotFound } from '@parsimony/contract';
import { can } from '@parsimony/tenancy';
import type { Principal, ProviderCredential, TenancyServices } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import type { Everywhere } from '../graphql-context.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import { ProviderCredentialInput } from './credential.input.js';
import { ProviderCredentialObject } from './credential.type.js';

@ApiResolver()
export class CredentialResolver {
  @Query(() => [ProviderCredentialObject], {
    complexity: perListItem,
    description: "A tenant's credentials, those of its teams among them, oldest first.",
  })
  @Requires('credential.read')
  providerCredentials(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Context('principal') principal: Principal,
    @Context('tenancy') { credentials }: TenancyServices,
  ): Promise<ProviderCredential[]> {
    demand(principal, 'credential.read', { tenantId });
    return credentials.list(tenantId);
  }

  @Mutation(() => ProviderCredentialObject, {
    description: 'Sets or replaces the credential that a tenant or team has at a provider.',
  })
  @Requires('credential.set')
  setProviderCredential(
    @Args('input') input: ProviderCredentialInput,
    @Context('principal') principal: Principal,
    @Context('everywhere') everywhere: Everywhere,
    @Context('tenancy') { credentials }: TenancyServices,
  ): Promise<ProviderCredential> {
    const { tenantId, teamId = null } = input;
    demand(principal, 'credential.set', { tenantId, teamId });
    return everywhere(tenantId, () => credentials.set(input));
  }

  @Mutation(() => ID, { description: 'The id of the credential that is no more.' })
  @Requires('credential.remove')
  async removeProviderCredential(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('everywhere') everywhere: Everywhere,
    @Context('tenancy') { credentials }: TenancyServices,
  ): Promise<string> {
    const { tenantId, teamId } = await credentials.locate(id);
    if (!can(principal, 'credential.remove', { tenantId, teamId })) {
      if (tenantId === principal.tenantId) throw new PermissionDenied('a key of this role may not remove credentials');
      throw new ResourceNotFound('there is no such provider credential, or you may not see it', { param: 'id' });
    }
    await everywhere(tenantId, () => credentials.remove(tenantId, id));
    return id;
  }
}

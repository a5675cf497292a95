import { Args, Context, ID, Mutation } from '@nestjs/graphql';
import { PermissionDenied, ResourceNotFound } from '@parsimony/contract';
import { ApiKeyService, can } from '@parsimony/tenancy';
import type { ApiKey, CreatedApiKey, Principal } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { ApiKeyObject, CreatedApiKeyObject } from './api-key.type.js';
import { CreateApiKeyInput } from './tenancy.inputs.js';

@ApiResolver()
export class ApiKeyResolver {
  constructor(private readonly keys: ApiKeyService) {}

  @Mutation(() => CreatedApiKeyObject, { description: 'The secret is shown this once.' })
  @Requires('key.create')
  createApiKey(
    @Args('input') { tenantId, teamId = null, name, role, expiresAt = null }: CreateApiKeyInput,
    @Context('principal') principal: Principal,
  ): Promise<CreatedApiKey> {
    demand(principal, 'key.create', { tenantId, teamId, keyRole: role });
    return this.keys.create({ tenantId, teamId, name, role, expiresAt });
  }

  @Mutation(() => ApiKeyObject, { description: 'Doing it again changes nothing.' })
  @Requires('key.revoke')
  async revokeApiKey(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
  ): Promise<ApiKey> {
    const { tenantId, teamId, role: keyRole } = await this.keys.locate(id);
    if (!can(principal, 'key.revoke', { tenantId, teamId, keyId: id, keyRole })) {
      if (tenantId === principal.tenantId) throw new PermissionDenied(`a key of this role may not revoke that key`);
      throw new ResourceNotFound('there is no such API key, or you may not see it', { param: 'id' });
    }
    return this.keys.revoke(tenantId, id);
  }
}

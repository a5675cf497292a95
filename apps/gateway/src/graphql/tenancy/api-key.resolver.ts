import { Args, Context, ID, Int, Mutation } from '@nestjs/graphql';
import { PermissionDenied, ResourceNotFound } from '@parsimony/contract';
import { can } from '@parsimony/tenancy';
import type { ApiKey, CreatedApiKey, Principal, TenancyServices } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import type { Everywhere } from '../graphql-context.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { ApiKeyObject, CreatedApiKeyObject } from './api-key.type.js';
import { CreateApiKeyInput } from './tenancy.inputs.js';

const DAY_SECONDS = 86_400;

@ApiResolver()
export class ApiKeyResolver {
  @Mutation(() => CreatedApiKeyObject, { description: 'The secret is shown this once.' })
  @Requires('key.create')
  createApiKey(
    @Args('input') input: CreateApiKeyInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { keys }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
  ): Promise<CreatedApiKey> {
    const { tenantId, teamId = null, name, role, expiresAt = null } = input;
    const { allowedModels = null, allowedAddresses = null } = input;
    demand(principal, 'key.create', { tenantId, teamId, keyRole: role });
    return everywhere(tenantId, () =>
      keys.create({ tenantId, teamId, name, role, expiresAt, allowedModels, allowedAddresses }),
    );
  }

  @Mutation(() => ApiKeyObject, {
    description: 'Its former secret is revoked with it. Doing it again changes nothing.',
  })
  @Requires('key.revoke')
  async revokeApiKey(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('tenancy') { keys }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
  ): Promise<ApiKey> {
    const { tenantId } = demandKey(principal, 'key.revoke', await keys.locate(id));
    return everywhere(tenantId, () => keys.revoke(tenantId, id));
  }

  @Mutation(() => CreatedApiKeyObject, {
    description:
      'A new secret, shown this once; the old one stays good for `overlapSeconds`, at most 30 days. A further rotation ends that.',
  })
  @Requires('key.rotate')
  async rotateApiKey(
    @Args('id', { type: () => ID }) id: string,
    @Args('overlapSeconds', { type: () => Int, defaultValue: DAY_SECONDS }) overlapSeconds: number,
    @Context('principal') principal: Principal,
    @Context('tenancy') { keys }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
  ): Promise<CreatedApiKey> {
    const { tenantId } = demandKey(principal, 'key.rotate', await keys.locate(id));
    return everywhere(tenantId, () => keys.rotate(tenantId, id, overlapSeconds * 1_000));
  }
}

/** @throws ResourceNotFound where the key is another tenant's, PermissionDenied */
function demandKey(principal: Principal, action: 'key.revoke' | 'key.rotate', key: ApiKey): ApiKey {
  const { tenantId, teamId, id: keyId, role: keyRole } = key;
  if (can(principal, action, { tenantId, teamId, keyId, keyRole })) return key;
  if (tenantId === principal.tenantId) throw new PermissionDenied(`a key of this role may not do this to that key`);
  throw new ResourceNotFound('there is no such API key, or you may not see it', { param: 'id' });
}

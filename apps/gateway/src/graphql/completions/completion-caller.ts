import { InvalidRequest, ResourceNotFound } from '@parsimony/contract';
import type { CallerRef } from '@parsimony/contract';
import type { Principal, TenantDirectory } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';

/**
 * For whom a call is made: the key's own tenant and team, or those that an operator names. A key of a whole tenant may
 * name one of its teams.
 *
 * @throws InvalidRequest, PermissionDenied, ResourceNotFound
 */
export function callerOf(
  principal: Principal,
  wished: { readonly tenantId?: string | null | undefined; readonly teamId?: string | null | undefined },
  directory: Pick<TenantDirectory, 'tenant'>,
): CallerRef {
  const tenantId = wished.tenantId ?? principal.tenantId;
  if (tenantId === null)
    throw new InvalidRequest('an operator key belongs to no tenant; name the one that the call is for', {
      param: 'tenantId',
    });
  const teamId = wished.teamId ?? principal.teamId;
  demand(principal, 'call.complete', { tenantId, teamId });
  const tenant = directory.tenant(tenantId);
  if (!tenant) throw new ResourceNotFound('there is no such tenant', { param: 'tenantId' });
  // The ledger would show the call under a team that the tenant does not have.
  if (wished.teamId != null && !tenant.teams.has(wished.teamId))
    throw new ResourceNotFound('the tenant has no such team', { param: 'teamId' });
  return { tenantId, teamId, keyId: principal.keyId };
}

import { PermissionDenied, ResourceNotFound } from '@parsimony/contract';
import { can, type Action, type Principal, type Scope } from '@parsimony/tenancy';

/**
 * Lets the bearer of a key do this there, or throws.
 *
 * @throws ResourceNotFound where the scope is another tenant's, so that nobody learns which tenants exist
 * @throws PermissionDenied
 */
export function demand(principal: Principal, action: Action, scope: Scope): void {
  if (can(principal, action, scope)) return;
  if (scope.tenantId !== principal.tenantId)
    throw new ResourceNotFound('there is no such tenant, or you may not see it', { param: 'tenantId' });
  throw denied(principal, action);
}

/**
 * Lets a role that may do this somewhere pass; where, is for the resolver to ask.
 *
 * @throws PermissionDenied where the key may not do it even to what is its own.
 */
export function demandAtHome(principal: Principal, action: Action): void {
  const { tenantId, teamId, keyId } = principal;
  if (!can(principal, action, { tenantId, teamId, keyId })) throw denied(principal, action);
}

function denied({ role }: Principal, action: Action): PermissionDenied {
  return new PermissionDenied(`this key of role ${role} may not do "${action}" here`);
}

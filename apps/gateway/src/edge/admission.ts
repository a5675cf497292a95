import type { IncomingHttpHeaders } from 'node:http';
import { InternalError, InvalidApiKey, PermissionDenied } from '@parsimony/contract';
import { can, type Principal, type ServedTenant } from '@parsimony/tenancy';
import type { PriceOverrides } from '@parsimony/pricing';
import type { GatewayCore } from '../host/gateway-core.js';
import type { AdmittedCaller } from './v1-edge.js';

/** The bearer of the key in `Authorization: Bearer KEY`. @throws InvalidApiKey */
export function authenticate(core: GatewayCore, headers: IncomingHttpHeaders): Principal {
  const { authorization } = headers;
  if (authorization === undefined) throw new InvalidApiKey('no API key; send it as "Authorization: Bearer KEY"');
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (secret === undefined) throw new InvalidApiKey('the Authorization header must be "Bearer KEY"');
  return core.directory.authenticate(secret);
}

/** Who calls on `/v1`: a key of a tenant whose role may make calls. @throws InvalidApiKey, PermissionDenied */
export function admit(core: GatewayCore, headers: IncomingHttpHeaders): AdmittedCaller {
  const principal = authenticate(core, headers);
  const { tenantId, teamId, keyId, role } = principal;
  if (tenantId === null) throw new PermissionDenied('an operator key belongs to no tenant; calls need a key of one');
  if (!can(principal, 'call.complete', { tenantId }))
    throw new PermissionDenied(`a key of role ${role} may not make calls`);
  core.lastUse.record(principal);
  return { caller: { tenantId, teamId, keyId }, runtime: core.runtimes.get(servedTenant(core, tenantId)) };
}

/** @throws InternalError where no document of the tenant holds in this deployment. */
export function servedTenant(core: GatewayCore, tenantId: string): ServedTenant<PriceOverrides> {
  const tenant = core.directory.tenant(tenantId);
  if (tenant?.document) return tenant;
  throw new InternalError(
    `the tenant's document does not hold in this deployment: ${tenant?.problem ?? 'it is not there'}`,
  );
}

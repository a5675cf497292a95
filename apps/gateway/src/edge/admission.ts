import type { IncomingHttpHeaders } from 'node:http';
import { InternalError, InvalidApiKey, PermissionDenied } from '@parsimony/contract';
import { can, type ServedTenant } from '@parsimony/tenancy';
import type { PriceOverrides } from '@parsimony/pricing';
import type { FastifyRequest } from 'fastify';
import type { GatewayCore } from '../host/gateway-core.js';
import type { AdmittedCaller } from './edge-options.js';

/** The secret in `Authorization: Bearer KEY`, or in `x-api-key`, where Anthropic's clients put it. @throws InvalidApiKey */
export function secretOf(headers: IncomingHttpHeaders): string {
  const { authorization } = headers;
  if (authorization === undefined) {
    const key = headers['x-api-key'];
    if (typeof key === 'string' && key !== '') return key;
    throw new InvalidApiKey('no API key; send it as "Authorization: Bearer KEY"');
  }
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (secret === undefined) throw new InvalidApiKey('the Authorization header must be "Bearer KEY"');
  return secret;
}

/** Who calls on `/v1`: a key of a tenant whose role may make calls. @throws InvalidApiKey, PermissionDenied */
export function admit(core: GatewayCore, request: FastifyRequest): AdmittedCaller {
  const principal = core.directory.authenticate(secretOf(request.headers));
  const { tenantId, teamId, keyId, role, scopes } = principal;
  if (tenantId === null) throw new PermissionDenied('an operator key belongs to no tenant; calls need a key of one');
  if (!can(principal, 'call.complete', { tenantId }))
    throw new PermissionDenied(`a key of role ${role} may not make calls`);
  // Who the proxies say it is costs a look through their list: only a key that cares pays for it.
  scopes?.demandAddress(request.ip);
  core.lastUse.record(principal);
  const runtime = core.runtimes.get(servedTenant(core, tenantId));
  return { caller: { tenantId, teamId, keyId }, runtime, scope: scopes };
}

/** @throws InternalError where no document of the tenant holds in this deployment. */
export function servedTenant(core: GatewayCore, tenantId: string): ServedTenant<PriceOverrides> {
  const tenant = core.directory.tenant(tenantId);
  if (tenant?.document) return tenant;
  throw new InternalError(
    `the tenant's document does not hold in this deployment: ${tenant?.problem ?? 'it is not there'}`,
  );
}

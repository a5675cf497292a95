import type { IncomingHttpHeaders } from 'node:http';
import { InvalidApiKey, PermissionDenied } from '@parsimony/contract';
import { can } from '@parsimony/tenancy';
import type { FastifyRequest } from 'fastify';
import type { GatewayCore } from '../host/gateway-core.js';
import { servedTenant } from '../host/served-tenant.js';
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
  const runtime = core.runtimes.get(servedTenant(core.directory, tenantId));
  return { principal, caller: { tenantId, teamId, keyId }, runtime, scope: scopes };
}

import { PermissionDenied } from '@parsimony/contract';
import type { PurgeRequest } from '@parsimony/contract';
import { actorOf, AuditService, can } from '@parsimony/tenancy';
import type { FastifyRequest } from 'fastify';
import { cachesOf } from '../../host/caches-of.js';
import type { GatewayCore } from '../../host/gateway-core.js';
import { servedTenant } from '../../host/served-tenant.js';
import { admittedOf } from '../edge-options.js';
import { purgeCaches, type PurgeReport } from './purge-caches.js';

/** Purges for an admitted caller. @throws PermissionDenied for keys that do not administer their tenant, and as `purgeCaches` */
export function purgeByCaller(core: GatewayCore, request: FastifyRequest, wish: PurgeRequest): Promise<PurgeReport> {
  const { principal, caller } = admittedOf(request);
  const { tenantId } = caller;
  if (!can(principal, 'cache.purge', { tenantId }))
    throw new PermissionDenied(`a key of role ${principal.role} may not purge caches`);
  const audit = new AuditService(core.dataSource, actorOf(principal, request.ip));
  return purgeCaches(cachesOf(core, servedTenant(core.directory, tenantId)), audit, tenantId, wish);
}

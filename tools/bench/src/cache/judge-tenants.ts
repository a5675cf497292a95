import { exactly, type Finding } from '../report/finding.js';
import type { TenantsRun } from './run-tenants.js';

/** Nobody gets another tenant's answer, from caches that do answer their owners. */
export function judgeTenants({ lookups, crossed, failed, own }: TenantsRun): Finding[] {
  return [
    exactly(`answers of another tenant, ${lookups} calls`, crossed, 0),
    exactly('calls of several tenants that failed', failed, 0),
    exactly('a tenant’s own question again: exact hits', own.hits, own.asked),
  ];
}

import { ApiKey } from './keys/api-key.entity.js';
import { OperatorKey } from './keys/operator-key.entity.js';
import { Team } from './team.entity.js';
import { TenantConfiguration } from './tenant-configuration.entity.js';
import { Tenant } from './tenant.entity.js';

/** For `createDataSource(url, { entities: TENANCY_ENTITIES })`. */
export const TENANCY_ENTITIES = [Tenant, TenantConfiguration, Team, ApiKey, OperatorKey] as const;

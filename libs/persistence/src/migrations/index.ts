import { InitialTenancy1795478400000 } from './1795478400000-initial-tenancy.js';
import { InitialUsage1795478400001 } from './1795478400001-initial-usage.js';
import { UsageBuckets1795500000000 } from './1795500000000-usage-buckets.js';
import { KeyScopes1795500000001 } from './1795500000001-key-scopes.js';
import { ProviderCredential1795500000002 } from './1795500000002-provider-credential.js';
import { AuditEvent1795500000003 } from './1795500000003-audit-event.js';
import { IdempotencyRecord1795500000004 } from './1795500000004-idempotency-record.js';
import { TenantWalls1795500000005 } from './1795500000005-tenant-walls.js';
import { Budgets1795600000000 } from './1795600000000-budgets.js';

/** The core's migrations in order. Append only. */
export const CORE_MIGRATIONS = [
  InitialTenancy1795478400000,
  InitialUsage1795478400001,
  UsageBuckets1795500000000,
  KeyScopes1795500000001,
  ProviderCredential1795500000002,
  AuditEvent1795500000003,
  IdempotencyRecord1795500000004,
  TenantWalls1795500000005,
  Budgets1795600000000,
] as const;

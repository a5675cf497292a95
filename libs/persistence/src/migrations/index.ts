import { InitialTenancy1795478400000 } from './1795478400000-initial-tenancy.js';
import { InitialUsage1795478400001 } from './1795478400001-initial-usage.js';

/** The core's migrations in order. Append only. */
export const CORE_MIGRATIONS = [InitialTenancy1795478400000, InitialUsage1795478400001] as const;

import type { DataSource, EntityManager } from 'typeorm';

/** Around the tenants' walls: for the system itself and for operators. */
export const ALL_TENANTS = Symbol('all tenants');

/** Whose rows some work sees: a tenant's, by its id, or everybody's. */
export type TenantScope = string | typeof ALL_TENANTS;

/**
 * Runs work in a transaction that sees and changes the rows of one tenant only, whatever its statements forget: under the
 * role `parsimony_tenant` and row-level security. It ends with the transaction. It is a wall against mistakes and not
 * against code that means harm, which could `RESET ROLE`: no text of a caller may ever be part of a statement.
 *
 * @param tenantId a UUID.
 * @throws what the work throws; the transaction is rolled back then.
 */
export function withTenant<Result>(
  dataSource: DataSource,
  tenantId: string,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  return dataSource.transaction(async (manager) => {
    await manager.query(
      `SELECT set_config('role', 'parsimony_tenant', true), set_config('parsimony.tenant_id', $1, true)`,
      [tenantId],
    );
    return work(manager);
  });
}

/** Reads within a scope: a tenant's in a transaction behind its walls, everybody's with no more ado. */
export function readWithin<Result>(
  dataSource: DataSource,
  scope: TenantScope,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  return scope === ALL_TENANTS ? work(dataSource.manager) : withTenant(dataSource, scope, work);
}

/** Runs work within a scope, in a transaction either way. */
export function changeWithin<Result>(
  dataSource: DataSource,
  scope: TenantScope,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  return scope === ALL_TENANTS ? dataSource.transaction(work) : withTenant(dataSource, scope, work);
}

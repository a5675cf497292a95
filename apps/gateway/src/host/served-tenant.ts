import { InternalError } from '@parsimony/contract';
import type { PriceOverrides } from '@parsimony/pricing';
import type { ServedTenant, TenantDirectory } from '@parsimony/tenancy';

/** @throws InternalError where no document of the tenant holds in this deployment. */
export function servedTenant(
  directory: Pick<TenantDirectory<PriceOverrides>, 'tenant'>,
  tenantId: string,
): ServedTenant<PriceOverrides> {
  const tenant = directory.tenant(tenantId);
  if (tenant?.document) return tenant;
  throw new InternalError(
    `the tenant's document does not hold in this deployment: ${tenant?.problem ?? 'it is not there'}`,
  );
}

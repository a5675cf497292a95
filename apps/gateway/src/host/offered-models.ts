import { servedTenant } from './served-tenant.js';
import type { OfferedModel } from '../edge/model-list.js';
import type { GatewayCore } from './gateway-core.js';

/** Models of the catalogue whose providers the tenant can reach, by the names under which the tenant knows them. */
export function offeredModels(core: GatewayCore, tenantId: string): readonly OfferedModel[] {
  const models = core.prices.catalogue
    .models(Date.now())
    .filter(({ price, deprecated }) => price !== null && !deprecated);
  const { providers } = core.runtimes.get(servedTenant(core.directory, tenantId));
  return providers.names.flatMap((name) => {
    const catalogue = providers.catalogueOf(name);
    return models.filter(({ provider }) => provider === catalogue).map(({ id }) => ({ provider: name, model: id }));
  });
}

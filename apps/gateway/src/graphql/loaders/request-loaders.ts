import type { ApiKey, Team, TenancyServices, Tenant, TenantConfiguration } from '@parsimony/tenancy';
import DataLoader from 'dataloader';

/** Reads of one request, gathered: as many tenants as a page has cost one query of each kind. */
export class RequestLoaders {
  readonly tenants: DataLoader<string, Tenant | null>;
  readonly teamsOfTenant: DataLoader<string, readonly Team[]>;
  readonly keysOfTenant: DataLoader<string, readonly ApiKey[]>;
  readonly configurationOfTenant: DataLoader<string, TenantConfiguration | null>;

  constructor(services: TenancyServices) {
    this.tenants = new DataLoader(async (ids) => {
      const found = new Map((await services.tenants.getMany(ids)).map((tenant) => [tenant.id, tenant]));
      return ids.map((id) => found.get(id) ?? null);
    });
    this.teamsOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.teams.ofTenants(ids), (team) => team.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.keysOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.keys.ofTenants(ids), (key) => key.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.configurationOfTenant = new DataLoader(async (ids) => {
      const found = await services.configurations.currentOf(ids);
      const byTenant = new Map(found.map((configuration) => [configuration.tenantId, configuration]));
      return ids.map((id) => byTenant.get(id) ?? null);
    });
  }
}

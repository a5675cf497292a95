import type { DataSource } from 'typeorm';
import { ApiKeyService, TeamService, TenantService } from '@parsimony/tenancy';

export interface ATenant {
  readonly tenantId: string;
  readonly red: string;
  readonly blue: string;
  readonly redKey: string;
}

let made = 0;

/** A tenant with two teams and a key of the first. */
export async function aTenant(dataSource: DataSource): Promise<ATenant> {
  const rules = {
    plugins: { get: () => undefined, all: () => [] },
    prices: { '~standard': { version: 1, vendor: 'spec', validate: (value: unknown) => ({ value }) } },
  } as const;
  const tenants = new TenantService(dataSource, rules);
  const { id: tenantId } = await tenants.create({ name: `Пекарня ${++made}`, createdBy: 'spec' });
  const teams = new TeamService(dataSource);
  const [red, blue] = [await teams.create(tenantId, 'Поиск'), await teams.create(tenantId, 'Blue')];
  const { apiKey } = await new ApiKeyService(dataSource).create({ tenantId, teamId: red.id, name: 'key' });
  return { tenantId, red: red.id, blue: blue.id, redKey: apiKey.id };
}

import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { actorOf, SYSTEM } from '../src/actor.js';
import type { Actor } from '../src/actor.js';
import { MasterKeys } from '../src/credentials/master-keys.js';
import { TENANCY_ENTITIES } from '../src/entities.js';
import type { Role } from '../src/role.js';
import { tenancyOf } from '../src/tenancy.js';
import type { TenancyServices } from '../src/tenancy.js';
import { newId } from '../src/uuid.js';
import { rulesWith } from './plugins.js';
import { aPrincipal } from './principals.js';

/** Pico-dollars of a dollar. */
export const DOLLAR = 10n ** 12n;

/** A tenant with two teams, each with a key, and another tenant. */
export interface LimitedTenant extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly tenantId: string;
  readonly otherTenantId: string;
  readonly red: string;
  readonly blue: string;
  readonly redKey: string;
  readonly blueKey: string;
  /** Of the tenant as a whole. */
  readonly freeKey: string;
  /** Of the other tenant. */
  readonly otherTeam: string;
  readonly otherKey: string;
  /** Services as a key of this role sees them, behind its tenant's walls. */
  as(role: Role, teamId?: string | null): TenancyServices;
  /** As the deployment itself. */
  readonly system: TenancyServices;
}

export async function startLimitedTenant(): Promise<LimitedTenant> {
  const database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  const masterKeys = await MasterKeys.from({ current: 'a master key for specs' });
  const servicesOf = (actor: Actor): TenancyServices =>
    tenancyOf(actor, {
      dataSource: database.dataSource,
      rules: rulesWith(),
      credentialRules: { masterKeys, checkUrl: () => undefined, parseSettings: (_kind, settings) => settings },
    });
  const system = servicesOf(SYSTEM);
  const tenantId = (await system.tenants.create({ name: 'Пекарня', createdBy: 'spec' })).id;
  const otherTenantId = (await system.tenants.create({ name: 'Other', createdBy: 'spec' })).id;
  const [red, blue] = [await system.teams.create(tenantId, 'Поиск'), await system.teams.create(tenantId, 'Blue')];
  const otherTeam = await system.teams.create(otherTenantId, 'Theirs');
  const keyOf = async (tenant: string, teamId: string | null): Promise<string> =>
    (await system.keys.create({ tenantId: tenant, teamId, name: 'key' })).apiKey.id;
  return {
    ...{ database, tenantId, otherTenantId, red: red.id, blue: blue.id, otherTeam: otherTeam.id, system },
    redKey: await keyOf(tenantId, red.id),
    blueKey: await keyOf(tenantId, blue.id),
    freeKey: await keyOf(tenantId, null),
    otherKey: await keyOf(otherTenantId, otherTeam.id),
    as: (role, teamId = null) =>
      servicesOf(
        actorOf(aPrincipal({ role, teamId, keyId: newId(), tenantId: role === 'OPERATOR' ? null : tenantId })),
      ),
    [Symbol.asyncDispose]: () => database.stop(),
  };
}

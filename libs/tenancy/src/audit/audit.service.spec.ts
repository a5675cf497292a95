import { InvalidRequest, NameTaken, ResourceNotFound } from '@parsimony/contract';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rulesWith } from '../../test/plugins.js';
import { aPrincipal } from '../../test/principals.js';
import { actorOf, scopeOf } from '../actor.js';
import { MasterKeys } from '../credentials/master-keys.js';
import { rotateMasterKey } from '../credentials/rotate-master-key.js';
import { TENANCY_ENTITIES } from '../entities.js';
import { OperatorKeyService } from '../keys/operator-key.service.js';
import { tenancyOf, type TenancyServices } from '../tenancy.js';
import { newId } from '../uuid.js';
import type { AuditEvent } from './audit-event.js';

const SECRET = 'sk-secret-of-the-spec';

let database: TestDatabase;
let masterKeys: MasterKeys;
beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  masterKeys = await MasterKeys.from({ current: 'a master key for specs' });
});
afterAll(() => database.stop());

const operator = aPrincipal({ role: 'OPERATOR', tenantId: null, keyId: newId() });

function servicesOf(principal = operator): TenancyServices {
  return tenancyOf(actorOf(principal, '203.0.113.7'), {
    dataSource: database.dataSource,
    rules: rulesWith(),
    credentialRules: { masterKeys, checkUrl: () => undefined, parseSettings: (_kind, settings) => settings },
  });
}

async function eventsOf(tenantId: string | null): Promise<readonly AuditEvent[]> {
  return (await servicesOf().audit.list(tenantId, { first: 100 })).items;
}

let made = 0;
async function newTenant(): Promise<string> {
  return (await servicesOf().tenants.create({ name: `Tenant ${++made}`, createdBy: 'spec' })).id;
}

describe('the audit log', () => {
  it('has every change, by whom and from where, newest first, and no secret', async () => {
    const tenantId = await newTenant();
    const owner = aPrincipal({ role: 'OWNER', tenantId, keyId: newId() });
    const own = servicesOf(owner);
    const team = await own.teams.create(tenantId, 'Поиск');
    const { apiKey, secret } = await own.keys.create({ tenantId, name: 'ci', allowedModels: ['openai/*'] });
    const rotated = await own.keys.rotate(tenantId, apiKey.id);
    await own.keys.revoke(tenantId, apiKey.id);
    await own.configurations.update(tenantId, {}, 1, owner.keyId);
    const credential = await own.credentials.set({ tenantId, provider: 'openai', kind: 'openai', secret: SECRET });
    await own.credentials.set({ tenantId, provider: 'openai', kind: 'azure', secret: SECRET });
    await own.credentials.remove(tenantId, credential.id);

    const events = await eventsOf(tenantId);
    expect(events.map(({ action, targetId }) => [action, targetId])).toEqual([
      ['credential.remove', credential.id],
      ['credential.set', credential.id],
      ['credential.set', credential.id],
      ['configuration.update', '2'],
      ['key.revoke', apiKey.id],
      ['key.rotate', apiKey.id],
      ['key.create', apiKey.id],
      ['team.create', team.id],
      ['tenant.create', tenantId],
    ]);
    expect(events[1]).toMatchObject({
      ...{ tenantId, actorKind: 'key', actorId: owner.keyId, actorRole: 'OWNER', address: '203.0.113.7' },
      detail: { before: { kind: 'openai' }, after: { kind: 'azure' } },
    });
    expect(events[4]?.detail).toMatchObject({ before: { revokedAt: null }, after: { revokedAt: expect.any(String) } });
    expect(events.at(-1)).toMatchObject({ actorId: operator.keyId, actorRole: 'OPERATOR' });
    const text = JSON.stringify(events);
    for (const hidden of [secret, rotated.secret, SECRET]) expect(text).not.toContain(hidden);
    expect(await own.audit.list(tenantId, { first: 100 })).toMatchObject({ items: events });
  });

  it('has nothing of a change that failed, and the change nothing where the log cannot be written', async () => {
    const tenantId = await newTenant();
    const services = servicesOf();
    await services.teams.create(tenantId, 'Team');
    await expect(services.teams.create(tenantId, 'Team')).rejects.toBeInstanceOf(NameTaken);
    await expect(services.keys.revoke(tenantId, newId())).rejects.toBeInstanceOf(ResourceNotFound);
    expect(await eventsOf(tenantId)).toHaveLength(2);
    await database.dataSource.query(
      `ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (action <> 'team.create') NOT VALID`,
    );
    try {
      await expect(services.teams.create(tenantId, 'Second team')).rejects.toThrow(/broken/);
      expect(await services.teams.ofTenants([tenantId])).toHaveLength(1);
    } finally {
      await database.dataSource.query('ALTER TABLE audit_event DROP CONSTRAINT broken');
    }
  });

  it('says nothing where nothing changed', async () => {
    const tenantId = await newTenant();
    const { keys } = servicesOf();
    const { apiKey } = await keys.create({ tenantId, name: 'key' });
    for (let count = 0; count < 3; count += 1) await keys.revoke(tenantId, apiKey.id);
    const operators = new OperatorKeyService(database.dataSource);
    const chosen = await operators.ensure('a secret of the deployment', 'chosen');
    await operators.ensure('a secret of the deployment', 'chosen');
    expect((await eventsOf(tenantId)).filter(({ action }) => action === 'key.revoke')).toHaveLength(1);
    expect((await eventsOf(null)).filter(({ targetId }) => targetId === chosen.id)).toHaveLength(1);
  });

  it('shows a tenant its own events only, and keeps those of the deployment for operators', async () => {
    const [here, there] = [await newTenant(), await newTenant()];
    const own = servicesOf(aPrincipal({ role: 'OWNER', tenantId: here }));
    await new OperatorKeyService(database.dataSource).create('operator');
    await own.credentials.set({ tenantId: here, provider: 'openai', kind: 'openai', secret: SECRET });
    await rotateMasterKey(
      database.dataSource,
      await MasterKeys.from({ current: 'next', previous: ['a master key for specs'] }),
    );
    for (const asked of [here, there, null]) {
      const { items } = await own.audit.list(asked, { first: 100 });
      expect(items.filter((event) => event.tenantId !== here)).toEqual([]);
      expect(items.length).toBe(asked === there ? 0 : 2);
    }
    const all = await eventsOf(null);
    expect(all.filter(({ tenantId }) => tenantId === null).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['operator-key.create', 'master-key.rotate']),
    );
  });

  it('notes what changes elsewhere, behind the same walls', async () => {
    const [here, there] = [await newTenant(), await newTenant()];
    const own = servicesOf(aPrincipal({ role: 'OWNER', tenantId: here }));
    const purge = (tenantId: string) =>
      own.audit.note({ tenantId, action: 'cache.purge', targetKind: 'cache', targetId: 'всё', detail: {} });
    await purge(here);
    expect((await eventsOf(here))[0]).toMatchObject({ action: 'cache.purge', targetId: 'всё', actorRole: 'OWNER' });
    await expect(purge(there)).rejects.toThrow(/row-level security/);
  });

  it('pages by cursor, each event once', async () => {
    const tenantId = await newTenant();
    const { teams, audit } = servicesOf();
    for (let count = 0; count < 5; count += 1) await teams.create(tenantId, `Team ${count}`);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await audit.list(tenantId, { first: 2, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.hasNextPage ? page.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual((await eventsOf(tenantId)).map(({ id }) => id));
    expect(seen).toHaveLength(6);
    await expect(audit.list(tenantId, { first: 0 })).rejects.toBeInstanceOf(InvalidRequest);
    await expect(audit.list('none', { first: 1 })).rejects.toBeInstanceOf(ResourceNotFound);
  });
});

describe('a tenant’s actor', () => {
  it('sees and changes nothing of another tenant, whatever a service is asked', async () => {
    const [here, there] = [await newTenant(), await newTenant()];
    const theirs = servicesOf();
    const team = await theirs.teams.create(there, 'Team');
    const { apiKey } = await theirs.keys.create({ tenantId: there, name: 'key' });
    const own = servicesOf(aPrincipal({ role: 'OWNER', tenantId: here }));
    await expect(own.tenants.get(there)).rejects.toBeInstanceOf(ResourceNotFound);
    expect((await own.tenants.list({ first: 100 })).items.map(({ id }) => id)).toEqual([here]);
    await expect(own.teams.get(there, team.id)).rejects.toBeInstanceOf(ResourceNotFound);
    expect(await own.teams.ofTenants([here, there])).toEqual([]);
    await expect(own.keys.locate(apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(own.keys.revoke(there, apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(own.keys.rotate(there, apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(own.configurations.current(there)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(own.configurations.update(there, {}, 1, 'x')).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(own.teams.create(there, 'Smuggled')).rejects.toThrow(/row-level security/);
    await expect(own.tenants.create({ name: 'Mine', createdBy: 'x' })).rejects.toThrow(/permission denied/);
    expect((await theirs.keys.get(there, apiKey.id)).revokedAt).toBeNull();
  });

  it('is none where a principal of a tenant names none', () => {
    expect(() => scopeOf(aPrincipal({ tenantId: null, role: 'OWNER' }))).toThrow(TypeError);
  });

  it('is the person where one has signed in', () => {
    expect(actorOf(aPrincipal({ subject: 'alice', tenantId: 'here' }))).toMatchObject({ kind: 'person', id: 'alice' });
  });
});

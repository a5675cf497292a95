import { AddressNotAllowed, InvalidRequest, MasterKeyUnavailable, ResourceNotFound } from '@parsimony/contract';
import { AddressGuard } from '@parsimony/network';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rulesWith } from '../../test/plugins.js';
import { aPrincipal } from '../../test/principals.js';
import { actorOf } from '../actor.js';
import { TENANCY_ENTITIES } from '../entities.js';
import { TeamService } from '../team.service.js';
import { TenantService } from '../tenant.service.js';
import { newId } from '../uuid.js';
import { CredentialService, type SetCredential } from './credential.service.js';
import type { CredentialRules } from './credential-rules.js';
import { MasterKeys } from './master-keys.js';
import { rotateMasterKey } from './rotate-master-key.js';
import { openCredential, STORED_CREDENTIAL, type StoredCredential } from './stored-credential.js';

const SECRET = 'sk-0123456789-abcdef';

let database: TestDatabase;
let rules: CredentialRules;
let credentials: CredentialService;
let tenantId: string;
let otherId: string;

beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  const guard = new AddressGuard();
  rules = {
    masterKeys: await MasterKeys.from({ current: 'first master key' }),
    checkUrl: (url, param) => guard.checkUrl(url, param),
    parseSettings: (kind, settings) => {
      if (kind !== 'openai') throw new InvalidRequest('an unknown kind', { param: 'kind' });
      return settings;
    },
  };
  credentials = new CredentialService(database.dataSource, rules);
  const tenants = new TenantService(database.dataSource, rulesWith());
  tenantId = (await tenants.create({ name: 'Пекарня', createdBy: 'spec' })).id;
  otherId = (await tenants.create({ name: 'Other', createdBy: 'spec' })).id;
});
afterAll(() => database.stop());

const wish = (more: Partial<SetCredential> = {}): SetCredential => ({
  ...{ tenantId, provider: 'openai', kind: 'openai', secret: SECRET },
  ...more,
});
const stored = (id?: string): Promise<StoredCredential[]> =>
  database.dataSource.query(
    `SELECT ${STORED_CREDENTIAL} FROM provider_credential WHERE $1::uuid IS NULL OR id = $1 ORDER BY id`,
    [id ?? null],
  );

describe('a credential', () => {
  it('is kept sealed, one for a place, and shown without its secret', async () => {
    const first = await credentials.set(wish({ baseUrl: 'https://llm.example.com/v1', settings: { region: 'eu' } }));
    expect(first).toEqual({
      ...{ tenantId, id: first.id, teamId: null, provider: 'openai', kind: 'openai', hint: 'cdef' },
      ...{ baseUrl: 'https://llm.example.com/v1', settings: { region: 'eu' }, changedBy: 'parsimony' },
      ...{ createdAt: expect.any(Date), changedAt: expect.any(Date) },
    });
    const second = await credentials.set(wish({ secret: { clientId: 'id', clientSecret: 'short' } }));
    expect(second).toMatchObject({ id: first.id, baseUrl: null, settings: {}, hint: '' });
    expect(second.changedAt.getTime()).toBeGreaterThanOrEqual(first.changedAt.getTime());
    const [row] = await stored(first.id);
    expect(openCredential(row!, rules.masterKeys).reveal()).toBe('{"clientId":"id","clientSecret":"short"}');
    const whole = JSON.stringify(
      await database.dataSource.query<object[]>(
        `SELECT t::text, encode(sealed, 'escape') FROM provider_credential AS t`,
      ),
    );
    expect(whole).not.toContain('clientSecret');
  });

  it('may be a team’s beside the tenant’s own', async () => {
    const team = await new TeamService(database.dataSource).create(tenantId, 'Поиск');
    const ofTeam = await credentials.set(wish({ teamId: team.id }));
    expect((await credentials.list(tenantId)).map(({ id, teamId }) => [id, teamId])).toContainEqual([
      ofTeam.id,
      team.id,
    ]);
    await expect(credentials.set(wish({ tenantId: otherId, teamId: team.id }))).rejects.toBeInstanceOf(
      ResourceNotFound,
    );
  });

  it('is set by many at once, one after another', async () => {
    const set = await Promise.all(
      Array.from({ length: 8 }, (_, index) => credentials.set(wish({ provider: 'many', secret: `secret ${index}` }))),
    );
    expect(new Set(set.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    [InvalidRequest, 'provider', { provider: 'Open AI' }],
    [InvalidRequest, 'kind', { kind: 'unknown' }],
    [InvalidRequest, 'secret', { secret: '' }],
    [InvalidRequest, 'secret', { secret: ['sk'] }],
    [InvalidRequest, 'secret', { secret: { apiKey: 7 } }],
    [InvalidRequest, 'secret', { secret: 'x'.repeat(20_000) }],
    [InvalidRequest, 'settings', { settings: [] }],
    [AddressNotAllowed, 'baseUrl', { baseUrl: 'http://169.254.169.254/latest' }],
    [ResourceNotFound, 'tenantId', { tenantId: newId() }],
    [ResourceNotFound, 'teamId', { teamId: newId() }],
    [ResourceNotFound, 'tenantId', { tenantId: 'none' }],
  ])('is refused by %o, naming %s', async (kind, param, more) => {
    const refusal: unknown = await credentials.set(wish(more)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(kind);
    expect(refusal).toMatchObject({ param });
  });

  it('is not kept where no master key is set', async () => {
    const without = new CredentialService(database.dataSource, { ...rules, masterKeys: MasterKeys.none });
    await expect(without.set(wish())).rejects.toBeInstanceOf(MasterKeyUnavailable);
  });

  it('does not open in another tenant’s row', async () => {
    const { id } = await credentials.set(wish({ provider: 'moved' }));
    await database.dataSource.query('UPDATE provider_credential SET tenant_id = $1 WHERE id = $2', [otherId, id]);
    const [row] = await stored(id);
    expect(row?.tenantId).toBe(otherId);
    expect(() => openCredential(row!, rules.masterKeys)).toThrow(MasterKeyUnavailable);
    await credentials.remove(otherId, id);
  });

  it('is neither seen nor touched by another tenant, whatever the service is asked', async () => {
    const { id } = await credentials.set(wish({ provider: 'walled' }));
    const stranger = actorOf(aPrincipal({ role: 'OWNER', tenantId: otherId, keyId: newId() }));
    const foreign = new CredentialService(database.dataSource, rules, stranger);
    expect(await foreign.list(tenantId)).toEqual([]);
    await expect(foreign.locate(id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(foreign.remove(tenantId, id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(foreign.set(wish({ provider: 'walled' }))).rejects.toThrow(/row-level security/);
    const own = actorOf(aPrincipal({ role: 'OWNER', tenantId, keyId: newId() }));
    const mine = new CredentialService(database.dataSource, rules, own);
    expect((await mine.set(wish({ provider: 'walled', secret: 'another' }))).id).toBe(id);
    expect((await mine.locate(id)).changedBy).toBe(own.id);
    await mine.remove(tenantId, id);
    await expect(mine.remove(tenantId, id)).rejects.toBeInstanceOf(ResourceNotFound);
  });
});

describe('rotation of the master key', () => {
  it('seals everything anew, may be broken off, and loses nothing that it cannot open', async () => {
    for (let index = 0; index < 130; index += 1) await credentials.set(wish({ provider: `p${index}` }));
    const lost = new CredentialService(database.dataSource, {
      ...rules,
      masterKeys: await MasterKeys.from({ current: 'a key that was lost' }),
    });
    const { id: unopened } = await lost.set(wish({ provider: 'lost' }));
    const [lostRow] = await stored(unopened);
    const before = await stored();

    const next = await MasterKeys.from({ current: 'second master key', previous: ['first master key'] });
    await expect(rotateMasterKey(database.dataSource, MasterKeys.none)).rejects.toBeInstanceOf(MasterKeyUnavailable);
    // Broken off after a part: as if a process had been killed between two batches.
    await database.dataSource.query(
      `CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.provider = 'p120' THEN RAISE EXCEPTION 'killed'; END IF; RETURN NEW; END $$`,
    );
    await database.dataSource.query(
      'CREATE TRIGGER break_off BEFORE UPDATE ON provider_credential FOR EACH ROW EXECUTE FUNCTION break_off()',
    );
    await expect(rotateMasterKey(database.dataSource, next)).rejects.toThrow('killed');
    await database.dataSource.query('DROP TRIGGER break_off ON provider_credential');
    const partly = (await stored()).filter(({ masterKeyId }) => masterKeyId === next.currentId);
    expect(partly).toHaveLength(100);
    for (const row of await stored()) if (row.id !== unopened) openCredential(row, next);

    const rotation = await rotateMasterKey(database.dataSource, next);
    expect(rotation).toEqual({ resealed: before.length - 101, unopened: [unopened] });
    const alone = await MasterKeys.from({ current: 'second master key' });
    const after = await stored();
    expect(after).toHaveLength(before.length);
    for (const row of after) if (row.id !== unopened) openCredential(row, alone);
    expect(after.find(({ id }) => id === unopened)).toEqual(lostRow);
    expect(await rotateMasterKey(database.dataSource, next)).toEqual({ resealed: 0, unopened: [unopened] });
  });
});

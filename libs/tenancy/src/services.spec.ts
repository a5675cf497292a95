import {
  InvalidDocument,
  InvalidRequest,
  NameTaken,
  PluginNotLoaded,
  ResourceNotFound,
  RevisionConflict,
} from '@parsimony/contract';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPrincipal } from '../test/principals.js';
import { requestPolicy, rulesWith } from '../test/plugins.js';
import { ConfigurationService } from './configuration.service.js';
import { DEFAULT_DOCUMENT } from './document/default-document.js';
import { TENANCY_ENTITIES } from './entities.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { LastUseRecorder } from './keys/last-use-recorder.js';
import { OperatorKeyService } from './keys/operator-key.service.js';
import { hashSecret } from './keys/secret.js';
import { TeamService } from './team.service.js';
import type { Tenant } from './tenant.entity.js';
import { TenantService } from './tenant.service.js';
import { newId } from './uuid.js';

let database: TestDatabase;
let tenants: TenantService;
let teams: TeamService;
let keys: ApiKeyService;
let operators: OperatorKeyService;
let configurations: ConfigurationService;

beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  const { dataSource } = database;
  const rules = rulesWith(requestPolicy);
  tenants = new TenantService(dataSource, rules);
  teams = new TeamService(dataSource);
  keys = new ApiKeyService(dataSource);
  operators = new OperatorKeyService(dataSource);
  configurations = new ConfigurationService(dataSource, rules);
});
afterAll(() => database.stop());

let made = 0;
const newTenant = (): Promise<Tenant> => tenants.create({ name: `Tenant ${++made}`, createdBy: 'spec' });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('tenants', () => {
  it('begin with the default document at revision 1', async () => {
    const tenant = await tenants.create({ name: '  Пекарня ', createdBy: 'operator:root' });
    expect(tenant).toMatchObject({ name: 'Пекарня', revision: 1 });
    expect(await tenants.get(tenant.id)).toEqual(tenant);
    expect(await configurations.current(tenant.id)).toMatchObject({
      revision: 1,
      document: DEFAULT_DOCUMENT,
      updatedBy: 'operator:root',
    });
  });

  it('share no name, even when made at the same time', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => tenants.create({ name: 'Twin', createdBy: 'spec' })),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(NameTaken);
    }
  });

  it('are not made with a bad name or document', async () => {
    await expect(tenants.create({ name: ' ', createdBy: 'spec' })).rejects.toBeInstanceOf(InvalidRequest);
    const document = { plugins: [{ use: 'nowhere' }] };
    await expect(tenants.create({ name: 'Odd', document, createdBy: 'spec' })).rejects.toBeInstanceOf(PluginNotLoaded);
    expect(await tenants.findByName('Odd')).toBeNull();
  });

  it.each(['not-an-id', newId()])('that do not exist are not found: %s', async (id) => {
    await expect(tenants.get(id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(configurations.current(id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(configurations.update(id, {}, 1, 'spec')).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(teams.create(id, 'Team')).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(keys.create({ tenantId: id, name: 'Key' })).rejects.toBeInstanceOf(ResourceNotFound);
  });

  it('are listed page by page, each once, oldest first', async () => {
    for (let count = 0; count < 5; count += 1) await newTenant();
    const all = (await tenants.list({ first: 1_000 })).items.map(({ id }) => id);
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const page = await tenants.list({ first: 2, after });
      paged.push(...page.items.map(({ id }) => id));
      after = page.hasNextPage ? page.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(all);
    expect(paged.length).toBeGreaterThanOrEqual(5);
    await expect(tenants.list({ first: 0 })).rejects.toBeInstanceOf(InvalidRequest);
    await expect(tenants.list({ first: 1, after: 'x' })).rejects.toBeInstanceOf(InvalidRequest);
  });
});

describe('configurations', () => {
  it('keep every revision', async () => {
    const { id } = await newTenant();
    const second = { plugins: [{ use: 'request-policy', config: { maxTokens: 10 } }] };
    expect(await configurations.update(id, second, 1, 'key:1')).toMatchObject({ revision: 2, document: second });
    expect(await configurations.current(id)).toMatchObject({ revision: 2, document: second, updatedBy: 'key:1' });
    expect(await configurations.at(id, 1)).toMatchObject({ document: DEFAULT_DOCUMENT });
    await expect(configurations.at(id, 3)).rejects.toBeInstanceOf(ResourceNotFound);
    expect((await tenants.get(id)).revision).toBe(2);
  });

  it('of several writers with one revision let exactly one win', async () => {
    const { id } = await newTenant();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, writer) =>
        configurations.update(id, { tiers: { economy: [`writer/${writer}`] } }, 1, `writer ${writer}`),
      ),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await configurations.current(id)).toEqual(won[0]?.value);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
    }
  });

  it('that do not parse change nothing', async () => {
    const { id } = await newTenant();
    await expect(configurations.update(id, { tier: {} }, 1, 'spec')).rejects.toBeInstanceOf(InvalidDocument);
    expect((await configurations.current(id)).revision).toBe(1);
  });
});

describe('teams', () => {
  it('share no name within a tenant, and are invisible to another', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const team = await teams.create(one.id, 'Поиск');
    await expect(teams.create(one.id, 'Поиск')).rejects.toBeInstanceOf(NameTaken);
    await teams.create(other.id, 'Поиск');
    expect(await teams.get(one.id, team.id)).toEqual(team);
    await expect(teams.get(other.id, team.id)).rejects.toBeInstanceOf(ResourceNotFound);
    expect((await teams.list(one.id, { first: 10 })).items).toEqual([team]);
    expect(await teams.ofTenants([one.id, 'nonsense'])).toEqual([team]);
  });
});

describe('API keys', () => {
  it('show their secret once and keep its hash', async () => {
    const { id: tenantId } = await newTenant();
    const team = await teams.create(tenantId, 'Team');
    const expiresAt = new Date(Date.now() + 60_000);
    const { secret, apiKey } = await keys.create({ tenantId, teamId: team.id, name: 'ci', role: 'ADMIN', expiresAt });
    expect(apiKey).toMatchObject({ tenantId, teamId: team.id, name: 'ci', role: 'ADMIN', expiresAt, revokedAt: null });
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    expect(apiKey.prefix).toHaveLength(12);
    expect(apiKey.secretHash).toBeUndefined();
    const stored = await database.dataSource.query<{ secret_hash: Buffer }[]>(`SELECT * FROM api_key WHERE id = $1`, [
      apiKey.id,
    ]);
    expect(stored[0]?.secret_hash).toEqual(hashSecret(secret));
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('belong to no team of another tenant', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const team = await teams.create(other.id, 'Team');
    const stolen = keys.create({ tenantId: one.id, teamId: team.id, name: 'key' });
    await expect(stolen).rejects.toBeInstanceOf(ResourceNotFound);
  });

  it('are invisible to another tenant, and cannot be revoked by it', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const { apiKey } = await keys.create({ tenantId: one.id, name: 'key' });
    await expect(keys.get(other.id, apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(keys.revoke(other.id, apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    expect((await keys.list(other.id, { first: 10 })).items).toEqual([]);
    expect((await keys.get(one.id, apiKey.id)).revokedAt).toBeNull();
  });

  it('are revoked once, however often', async () => {
    const { id: tenantId } = await newTenant();
    const { apiKey } = await keys.create({ tenantId, name: 'key' });
    const first = await keys.revoke(tenantId, apiKey.id);
    expect(first.revokedAt).toBeInstanceOf(Date);
    expect(await keys.revoke(tenantId, apiKey.id)).toEqual(first);
  });

  it('are refused where they would be dead or too mighty from the start', async () => {
    const { id: tenantId } = await newTenant();
    const past = new Date(Date.now() - 1);
    await expect(keys.create({ tenantId, name: 'key', expiresAt: past })).rejects.toBeInstanceOf(InvalidRequest);
    const never = new Date(Number.NaN);
    await expect(keys.create({ tenantId, name: 'key', expiresAt: never })).rejects.toBeInstanceOf(InvalidRequest);
    await expect(keys.create({ tenantId, name: 'key', role: 'OPERATOR' })).rejects.toBeInstanceOf(InvalidRequest);
  });

  it.each([
    ['allowedModels', { allowedModels: [] }],
    ['allowedModels[1]', { allowedModels: ['openai/*', 'gpt 4'] }],
    ['allowedAddresses', { allowedAddresses: Array.from({ length: 101 }, () => '203.0.113.1') }],
    ['allowedAddresses[0]', { allowedAddresses: ['203.0.113.0/33'] }],
    ['allowedAddresses[1]', { allowedAddresses: ['::1', 'localhost'] }],
  ])('are refused where their scopes are none: %s', async (param, scopes) => {
    const { id: tenantId } = await newTenant();
    await expect(keys.create({ tenantId, name: 'key', ...scopes })).rejects.toMatchObject({
      code: 'invalid_request',
      param,
    });
  });

  it('are rotated with an overlap; the database keeps the former hash', async () => {
    const { id: tenantId } = await newTenant();
    const first = await keys.create({ tenantId, name: 'key' });
    const { id } = first.apiKey;
    const before = Date.now();
    const second = await keys.rotate(tenantId, id, 60_000);
    expect(second.apiKey).toMatchObject({ id, name: 'key', prefix: second.secret.slice(0, 12), revokedAt: null });
    expect(second.apiKey.formerExpiresAt?.getTime()).toBeGreaterThanOrEqual(before + 60_000);
    const [stored] = await database.dataSource.query<object[]>(
      'SELECT secret_hash, former_secret_hash FROM api_key WHERE id = $1',
      [id],
    );
    expect(stored).toEqual({ secret_hash: hashSecret(second.secret), former_secret_hash: hashSecret(first.secret) });
  });

  it('are not rotated where that is nonsense, or another tenant asks', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const { apiKey } = await keys.create({ tenantId: one.id, name: 'key' });
    await expect(keys.rotate(other.id, apiKey.id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(keys.rotate(one.id, newId())).rejects.toBeInstanceOf(ResourceNotFound);
    for (const overlap of [-1, 0.5, Number.NaN, 31 * 86_400_000])
      await expect(keys.rotate(one.id, apiKey.id, overlap)).rejects.toBeInstanceOf(InvalidRequest);
    await keys.revoke(one.id, apiKey.id);
    await expect(keys.rotate(one.id, apiKey.id)).rejects.toThrow(/revoked/);
  });

  it('are listed by tenant and by team', async () => {
    const { id: tenantId } = await newTenant();
    const team = await teams.create(tenantId, 'Team');
    const { apiKey: ofTenant } = await keys.create({ tenantId, name: 'tenant' });
    const { apiKey: ofTeam } = await keys.create({ tenantId, teamId: team.id, name: 'team' });
    expect((await keys.list(tenantId, { first: 10 })).items).toEqual([ofTenant, ofTeam]);
    expect((await keys.list(tenantId, { first: 10 }, team.id)).items).toEqual([ofTeam]);
    expect(await keys.ofTenants([tenantId])).toEqual([ofTenant, ofTeam]);
  });

  it('have the time of their last use written in groups, and never set back', async () => {
    const { id: tenantId } = await newTenant();
    const { apiKey } = await keys.create({ tenantId, name: 'key' });
    const { changedAt } = await tenants.get(tenantId);
    const recorder = new LastUseRecorder(database.dataSource, silent);
    const principal = aPrincipal({ keyId: apiKey.id, tenantId });
    const before = Date.now();
    recorder.record(principal);
    recorder.record({ ...principal, tenantId: null, role: 'OPERATOR' });
    await recorder.flush();
    const used = (await keys.get(tenantId, apiKey.id)).lastUsedAt;
    expect(used?.getTime()).toBeGreaterThanOrEqual(before);
    expect((await tenants.get(tenantId)).changedAt).toEqual(changedAt);

    const future = new Date(Date.now() + 3_600_000);
    await database.dataSource.query('UPDATE api_key SET last_used_at = $1 WHERE id = $2', [future, apiKey.id]);
    recorder.record(principal);
    await recorder.stop();
    expect((await keys.get(tenantId, apiKey.id)).lastUsedAt).toEqual(future);
  });
});

describe('operator keys', () => {
  it('are made, or taken from the deployment, once', async () => {
    const { secret, operatorKey } = await operators.create('first');
    expect(await operators.ensure(secret, 'again')).toEqual(operatorKey);
    const chosen = await operators.ensure('a-secret-of-the-deployment', 'environment');
    expect(chosen.prefix).toBe('a-secre');
    expect((await operators.list()).map(({ id }) => id)).toEqual([operatorKey.id, chosen.id]);
  });

  it('stay revoked', async () => {
    const { secret, operatorKey } = await operators.create('lost');
    const revoked = await operators.revoke(operatorKey.id);
    expect(revoked.revokedAt).toBeInstanceOf(Date);
    expect(await operators.revoke(operatorKey.id)).toEqual(revoked);
    expect((await operators.ensure(secret, 'lost')).revokedAt).toEqual(revoked.revokedAt);
    await expect(operators.revoke(newId())).rejects.toBeInstanceOf(ResourceNotFound);
  });
});

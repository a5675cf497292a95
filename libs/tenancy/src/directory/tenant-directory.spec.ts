import { DatabaseUnavailable, InvalidApiKey } from '@parsimony/contract';
import type { Plugin, PluginLog } from '@parsimony/contract';
import { createDataSource } from '@parsimony/persistence';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { requestPolicy, rulesWith, semanticCache } from '../../test/plugins.js';
import { ConfigurationService } from '../configuration.service.js';
import { CredentialService } from '../credentials/credential.service.js';
import { MasterKeys } from '../credentials/master-keys.js';
import { openCredential } from '../credentials/stored-credential.js';
import { TENANCY_ENTITIES } from '../entities.js';
import { ApiKeyService } from '../keys/api-key.service.js';
import { LastUseRecorder } from '../keys/last-use-recorder.js';
import { OperatorKeyService } from '../keys/operator-key.service.js';
import { BudgetService } from '../limits/budget.service.js';
import { RateLimitService } from '../limits/rate-limit.service.js';
import { TeamService } from '../team.service.js';
import { TenantService } from '../tenant.service.js';
import { newId } from '../uuid.js';
import { TenantDirectory } from './tenant-directory.js';

const rules = rulesWith(requestPolicy, semanticCache);
const EFFECTIVE_WITHIN = { timeout: 2_000, interval: 5 };

let database: TestDatabase;
let tenants: TenantService;
let teams: TeamService;
let keys: ApiKeyService;
let operators: OperatorKeyService;
let configurations: ConfigurationService;
const opened: TenantDirectory[] = [];
const logged: string[] = [];
const log: PluginLog = {
  info: (message) => void logged.push(message),
  warn: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
  error: (message) => void logged.push(message),
};

beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  const { dataSource } = database;
  tenants = new TenantService(dataSource, rules);
  teams = new TeamService(dataSource);
  keys = new ApiKeyService(dataSource);
  operators = new OperatorKeyService(dataSource);
  configurations = new ConfigurationService(dataSource, rules);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((directory) => directory.stop()));
});
afterAll(() => database.stop());

async function openDirectory(...plugins: readonly Plugin[]): Promise<TenantDirectory> {
  const { dataSource, url } = database;
  const found = plugins.length > 0 ? rulesWith(...plugins) : rules;
  const directory = new TenantDirectory({ dataSource, url, rules: found, log });
  await directory.start();
  opened.push(directory);
  return directory;
}

let made = 0;
const newTenant = (): ReturnType<TenantService['create']> =>
  tenants.create({ name: `Tenant ${++made}`, createdBy: 'spec' });

it('knows at once what was there before it', async () => {
  const tenant = await newTenant();
  const team = await teams.create(tenant.id, 'Team');
  const { secret, apiKey } = await keys.create({ tenantId: tenant.id, teamId: team.id, name: 'key', role: 'VIEWER' });
  const operator = await operators.create('operator');
  const directory = await openDirectory();
  expect(directory.findKey(secret)).toEqual({
    keyId: apiKey.id,
    tenantId: tenant.id,
    teamId: team.id,
    role: 'VIEWER',
    expiresAt: null,
    scopes: null,
    subject: null,
  });
  expect(directory.authenticate(operator.secret)).toMatchObject({ tenantId: null, role: 'OPERATOR' });
  const view = directory.tenant(tenant.id);
  expect(view).toMatchObject({ name: tenant.name, revision: 1, problem: null });
  expect(view?.document?.tiers.economy).toEqual(['openai/gpt-4.1-mini']);
  expect(view?.teams.get(team.id)?.name).toBe('Team');
  expect(directory.tenant(newId())).toBeUndefined();
});

it('refuses keys that are unknown, revoked or expired, and says which', async () => {
  const { id: tenantId } = await newTenant();
  const dead = await keys.create({ tenantId, name: 'revoked' });
  await keys.revoke(tenantId, dead.apiKey.id);
  const short = await keys.create({ tenantId, name: 'short', expiresAt: new Date(Date.now() + 400) });
  const directory = await openDirectory();
  const refusal = (secret: string) => {
    expect(directory.findKey(secret)).toBeUndefined();
    return () => directory.authenticate(secret);
  };
  expect(refusal(dead.secret)).toThrow(/revoked/);
  expect(refusal('psk_guess')).toThrow(InvalidApiKey);
  expect(refusal('psk_guess')).toThrow(/not known/);
  await vi.waitFor(() => expect(refusal(short.secret)).toThrow(/expired/), EFFECTIVE_WITHIN);
});

it('follows every change, and tells of it', async () => {
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
  const told: string[] = [];
  const unsubscribe = directory.onChange((id) => told.push(id));

  const { id } = await newTenant();
  await vi.waitFor(() => expect(directory.tenant(id)?.latestRevision).toBe(1), EFFECTIVE_WITHIN);
  const team = await teams.create(id, 'Team');
  await vi.waitFor(() => expect(directory.tenant(id)?.teams.has(team.id)).toBe(true), EFFECTIVE_WITHIN);
  const { secret, apiKey } = await keys.create({ tenantId: id, name: 'key' });
  await vi.waitFor(() => expect(directory.findKey(secret)?.keyId).toBe(apiKey.id), EFFECTIVE_WITHIN);
  await configurations.update(id, { onClientAbort: 'abort' }, 1, 'spec');
  await vi.waitFor(() => expect(directory.tenant(id)).toMatchObject({ revision: 2 }), EFFECTIVE_WITHIN);
  expect(directory.tenant(id)?.document?.onClientAbort).toBe('abort');
  await keys.revoke(id, apiKey.id);
  await vi.waitFor(() => expect(directory.findKey(secret)).toBeUndefined(), EFFECTIVE_WITHIN);
  const operator = await operators.create('late operator');
  await vi.waitFor(() => expect(directory.findKey(operator.secret)?.role).toBe('OPERATOR'), EFFECTIVE_WITHIN);
  await operators.revoke(operator.operatorKey.id);
  await vi.waitFor(() => expect(directory.findKey(operator.secret)).toBeUndefined(), EFFECTIVE_WITHIN);

  expect(new Set(told)).toEqual(new Set([id]));
  unsubscribe();
  const before = told.length;
  await teams.create(id, 'Other team');
  await vi.waitFor(() => expect(directory.tenant(id)?.teams.size).toBe(2), EFFECTIVE_WITHIN);
  expect(told).toHaveLength(before);
});

it('forgets a tenant that is gone, with its keys', async () => {
  const { id } = await newTenant();
  const { secret } = await keys.create({ tenantId: id, name: 'key' });
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
  for (const table of ['api_key', 'tenant_configuration']) {
    await database.dataSource.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [id]);
  }
  await database.dataSource.query('DELETE FROM tenant WHERE id = $1', [id]);
  await vi.waitFor(() => expect(directory.tenant(id)).toBeUndefined(), EFFECTIVE_WITHIN);
  expect(directory.findKey(secret)).toBeUndefined();
});

it('sees changes by polling where notices do not come through', async () => {
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
  await database.dataSource.query('ALTER TABLE tenant DISABLE TRIGGER announce');
  try {
    const { id } = await newTenant();
    await vi.waitFor(() => expect(directory.tenant(id)).toBeDefined(), EFFECTIVE_WITHIN);
    await configurations.update(id, {}, 1, 'spec');
    await vi.waitFor(() => expect(directory.tenant(id)?.latestRevision).toBe(2), EFFECTIVE_WITHIN);
  } finally {
    await database.dataSource.query('ALTER TABLE tenant ENABLE TRIGGER announce');
  }
});

it('comes back where the connection that listens is cut', async () => {
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
  await database.dataSource.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'parsimony tenancy notices' AND datname = current_database()`,
  );
  await vi.waitFor(() => expect(directory.status.listening).toBe(false), EFFECTIVE_WITHIN);
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
});

it('serves from memory while the database is away, and catches up within two seconds', async () => {
  const { id } = await newTenant();
  const { secret, apiKey } = await keys.create({ tenantId: id, name: 'key' });
  const directory = await openDirectory();
  const recorder = new LastUseRecorder(database.dataSource, log);

  await database.stopServer();
  expect(directory.findKey(secret)?.tenantId).toBe(id);
  expect(directory.tenant(id)?.document).not.toBeNull();
  recorder.record(directory.authenticate(secret));
  await recorder.flush();
  const writes: (() => Promise<unknown>)[] = [
    () => newTenant(),
    () => teams.create(id, 'Team'),
    () => keys.create({ tenantId: id, name: 'key' }),
    () => keys.revoke(id, apiKey.id),
    () => configurations.update(id, {}, 1, 'spec'),
    () => operators.create('operator'),
    () => tenants.list({ first: 1 }),
  ];
  for (const write of writes) await expect(write()).rejects.toBeInstanceOf(DatabaseUnavailable);
  const { dataSource, url } = database;
  const lateComer = new TenantDirectory({ dataSource, url, rules, log });
  await expect(lateComer.start()).rejects.toBeInstanceOf(DatabaseUnavailable);
  await vi.waitFor(
    () => expect(directory.status).toMatchObject({ databaseAway: true, listening: false }),
    EFFECTIVE_WITHIN,
  );

  await database.startServer();
  const other = await createDataSource(database.url, { entities: TENANCY_ENTITIES }).initialize();
  await new ConfigurationService(other, rules).update(id, { onClientAbort: 'abort' }, 1, 'spec');
  await vi.waitFor(() => expect(directory.tenant(id)).toMatchObject({ revision: 2 }), EFFECTIVE_WITHIN);
  await vi.waitFor(() => expect(directory.status).toMatchObject({ databaseAway: false, listening: true }), {
    timeout: 4_000,
  });
  await other.destroy();
  await recorder.stop();
  expect((await keys.get(id, apiKey.id)).lastUsedAt).toBeInstanceOf(Date);
});

it('keeps the last good document where the newest does not hold here, and marks a tenant that has none', async () => {
  const serving = await tenants.create({ name: 'Serving', document: { plugins: [] }, createdBy: 'spec' });
  const directory = await openDirectory(requestPolicy);
  // Written by a deployment that loads more plugins than this one.
  await configurations.update(serving.id, { plugins: [{ use: 'semantic-cache' }] }, 1, 'spec');
  const born = await tenants.create({
    name: 'Born broken',
    document: { plugins: [{ use: 'semantic-cache' }] },
    createdBy: 'spec',
  });
  await vi.waitFor(() => expect(directory.tenant(born.id)).toBeDefined(), EFFECTIVE_WITHIN);
  await vi.waitFor(() => expect(directory.tenant(serving.id)?.latestRevision).toBe(2), EFFECTIVE_WITHIN);
  expect(directory.tenant(serving.id)).toMatchObject({ revision: 1, document: { plugins: [] } });
  expect(directory.tenant(serving.id)?.problem).toContain('`semantic-cache` is not loaded');
  expect(directory.tenant(born.id)).toMatchObject({
    document: null,
    problem: expect.stringContaining('not loaded') as string,
  });
  expect(logged.filter((line) => line.includes(born.id))).toHaveLength(1);

  await configurations.update(born.id, {}, 1, 'spec');
  await vi.waitFor(
    () => expect(directory.tenant(born.id)).toMatchObject({ revision: 2, problem: null }),
    EFFECTIVE_WITHIN,
  );
});

it('knows both secrets of a rotated key while they overlap, with its scopes, and neither once it is revoked', async () => {
  const { id: tenantId } = await newTenant();
  const first = await keys.create({
    ...{ tenantId, name: 'key', allowedModels: ['openai/*'], allowedAddresses: ['203.0.113.0/24'] },
  });
  const { id } = first.apiKey;
  const directory = await openDirectory();
  const second = await keys.rotate(tenantId, id, 60_000);
  await vi.waitFor(() => expect(directory.findKey(second.secret)?.keyId).toBe(id), EFFECTIVE_WITHIN);
  const [before, after] = [first, second].map(({ secret }) => directory.findKey(secret));
  expect(before).toMatchObject({ keyId: id, expiresAt: second.apiKey.formerExpiresAt?.getTime() });
  expect(after).toMatchObject({ keyId: id, expiresAt: null });
  for (const principal of [before, after]) {
    expect(principal?.scopes?.allowsModel('openai/gpt-4.1')).toBe(true);
    expect(principal?.scopes?.allowsModel('anthropic/claude')).toBe(false);
    expect(principal?.scopes?.allowsAddress('203.0.113.9')).toBe(true);
    expect(principal?.scopes?.allowsAddress('198.51.100.1')).toBe(false);
  }

  const third = await keys.rotate(tenantId, id, 300);
  await vi.waitFor(() => expect(directory.findKey(third.secret)).toBeDefined(), EFFECTIVE_WITHIN);
  expect(directory.findKey(first.secret), 'a second rotation ends the first overlap').toBeUndefined();
  await vi.waitFor(() => expect(() => directory.authenticate(second.secret)).toThrow(/expired/), EFFECTIVE_WITHIN);

  const fourth = await keys.rotate(tenantId, id, 60_000);
  await vi.waitFor(() => expect(directory.findKey(fourth.secret)).toBeDefined(), EFFECTIVE_WITHIN);
  await keys.revoke(tenantId, id);
  await vi.waitFor(() => expect(directory.findKey(fourth.secret)).toBeUndefined(), EFFECTIVE_WITHIN);
  expect(() => directory.authenticate(third.secret)).toThrow(/revoked/);
});

it('limits a key whose addresses it cannot read to none', async () => {
  const { id: tenantId } = await newTenant();
  const { secret, apiKey } = await keys.create({ tenantId, name: 'key' });
  await database.dataSource.query(`UPDATE api_key SET allowed_addresses = '{nonsense}' WHERE id = $1`, [apiKey.id]);
  const directory = await openDirectory();
  expect(directory.findKey(secret)?.scopes?.allowsAddress('203.0.113.9')).toBe(false);
});

it('carries credentials, sealed, and says when they changed', async () => {
  const { id: tenantId } = await newTenant();
  const masterKeys = await MasterKeys.from({ current: 'a master key for specs' });
  const credentials = new CredentialService(database.dataSource, {
    masterKeys,
    checkUrl: () => undefined,
    parseSettings: (_kind, settings) => settings,
  });
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.tenant(tenantId)).toBeDefined(), EFFECTIVE_WITHIN);
  const versions = new Set([directory.tenant(tenantId)?.credentialsVersion]);
  const changed = async (): Promise<void> => {
    await vi.waitFor(
      () => expect(versions.has(directory.tenant(tenantId)?.credentialsVersion)).toBe(false),
      EFFECTIVE_WITHIN,
    );
    versions.add(directory.tenant(tenantId)?.credentialsVersion);
  };
  const wish = { tenantId, provider: 'openai', kind: 'openai', secret: 'sk-first' };
  const { id } = await credentials.set(wish);
  await changed();
  await credentials.set({ ...wish, secret: 'sk-second' });
  await changed();
  const [stored] = directory.tenant(tenantId)?.credentials ?? [];
  if (!stored) throw new Error('the directory has no credential');
  expect(openCredential(stored, masterKeys).reveal()).toBe('{"apiKey":"sk-second"}');
  expect(directory.tenant(tenantId)).toMatchObject({ revision: 1 });
  await credentials.remove(tenantId, id);
  await vi.waitFor(() => expect(directory.tenant(tenantId)?.credentials).toEqual([]), EFFECTIVE_WITHIN);
  expect(directory.tenant(tenantId)?.credentialsVersion).toBe('');
});

it('ends up with the newest state after a burst of changes', async () => {
  const { id } = await newTenant();
  const directory = await openDirectory();
  const created = await Promise.all(
    Array.from({ length: 40 }, (_, index) => keys.create({ tenantId: id, name: `key ${index}` })),
  );
  await Promise.all(created.slice(0, 20).map(({ apiKey }) => keys.revoke(id, apiKey.id)));
  await vi.waitFor(() => {
    const known = created.map(({ secret }) => directory.findKey(secret) !== undefined);
    expect(known).toEqual(created.map((_, index) => index >= 20));
  }, EFFECTIVE_WITHIN);
});

it('has the budgets and rate limits that are in force, and follows their changes', async () => {
  const { dataSource } = database;
  const [budgets, rateLimits] = [new BudgetService(dataSource), new RateLimitService(dataSource)];
  const { id: tenantId } = await newTenant();
  const terms = { tenantId, limit: 5n * 10n ** 12n, period: 'DAY', timezone: 'Asia/Kathmandu' } as const;
  const first = await budgets.set({ ...terms, tag: { key: 'отдел', value: 'поиск' } });
  const directory = await openDirectory();
  await vi.waitFor(() => expect(directory.status.listening).toBe(true), EFFECTIVE_WITHIN);
  expect(directory.tenant(tenantId)).toMatchObject({ budgets: [first], rateLimits: [] });

  const second = await budgets.set({ ...terms, limit: 1n });
  const rateLimit = await rateLimits.set({ tenantId, requestsPerMinute: 60 });
  await vi.waitFor(() => {
    expect(directory.tenant(tenantId)?.budgets).toEqual([first, second]);
    expect(directory.tenant(tenantId)?.rateLimits).toEqual([rateLimit]);
  }, EFFECTIVE_WITHIN);
  const raised = await budgets.set({ ...terms, limit: 2n });
  await vi.waitFor(() => expect(directory.tenant(tenantId)?.budgets).toEqual([first, raised]), EFFECTIVE_WITHIN);
  await budgets.delete(first.id);
  await rateLimits.delete(rateLimit.id);
  await vi.waitFor(() => {
    expect(directory.tenant(tenantId)?.budgets).toEqual([raised]);
    expect(directory.tenant(tenantId)?.rateLimits).toEqual([]);
  }, EFFECTIVE_WITHIN);
});

describe('a change that is made everywhere', () => {
  it('comes back when all directories know it, and gives what the change gave', async () => {
    const tenant = await newTenant();
    const directories = await Promise.all([openDirectory(), openDirectory(), openDirectory()]);
    for (const directory of directories) await vi.waitFor(() => expect(directory.status.listening).toBe(true));
    for (let round = 0; round < 5; round++) {
      const { secret } = await directories[0].everywhere(tenant.id, () =>
        keys.create({ tenantId: tenant.id, name: `key ${round}`, role: 'MEMBER' }),
      );
      for (const directory of directories) expect(directory.findKey(secret)).toBeDefined();
    }
  });

  it('does not wait for a directory that is no more, and waits no more than two seconds for one that hangs', async () => {
    const tenant = await newTenant();
    const [first, second] = [await openDirectory(), await openDirectory()];
    await vi.waitFor(() => expect([first, second].every(({ status }) => status.listening)).toBe(true));
    await second.stop();
    const began = performance.now();
    await first.everywhere(tenant.id, () => teams.create(tenant.id, 'one'));
    expect(performance.now() - began).toBeLessThan(1_500);
    // Somebody who listens and never tells.
    const mute = new pg.Client({ connectionString: database.url, application_name: 'parsimony tenancy notices' });
    await mute.connect();
    const again = performance.now();
    await first.everywhere(tenant.id, () => teams.create(tenant.id, 'two'));
    expect(performance.now() - again).toBeGreaterThan(1_900);
    await mute.end();
  });

  it('fails as the change does', async () => {
    const directory = await openDirectory();
    const failure = new Error('no');
    await expect(directory.everywhere(newId(), () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

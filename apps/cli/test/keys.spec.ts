import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { CredentialService, MasterKeys, TenantService, TENANCY_ENTITIES, DEFAULT_DOCUMENT } from '@parsimony/tenancy';
import { priceOverridesSchema } from '@parsimony/pricing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, type Ran } from './command-line.js';

const OLD_KEY = 'the old master key of this spec';
const NEW_KEY = 'the new master key of this spec';

let database: TestDatabase;
let folder: string;
let tenantId: string;
let run: (...words: readonly string[]) => Promise<Ran>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parsimony-keys-'));
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  run = commandLine({ DATABASE_URL: database.url, PARSIMONY_HOME: folder });
  const rules = { plugins: { get: () => undefined, all: () => [] }, prices: priceOverridesSchema };
  const tenants = new TenantService(database.dataSource, rules, DEFAULT_DOCUMENT);
  tenantId = (await tenants.create({ name: 'acme', createdBy: 'spec' })).id;
});
afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

describe('parsimony keys', () => {
  it('makes, rotates and revokes a key, and shows each secret once', async () => {
    const made = await run('keys', 'create', '--tenant', 'acme', '--name', 'поиск', '--model', 'openai/*');
    expect(made.code).toBe(0);
    const [secret = '', line = ''] = made.out.split('\n');
    expect(secret).toMatch(/^psk_/);
    const id = /key (\S+)/.exec(line)?.[1] ?? '';
    const rotated = await run('keys', 'rotate', id, '--overlap-hours', '1');
    expect(rotated.code).toBe(0);
    expect(rotated.out.split('\n')[0]).not.toBe(secret);
    expect(await run('keys', 'revoke', id)).toMatchObject({ code: 0, out: expect.stringMatching(/revoked/) });
    const listed = await run('keys', 'list', '--tenant', 'acme');
    expect(listed.out).toContain(id);
    expect(listed.out).toContain('"поиск"');
    expect(listed.out).not.toContain(secret);
    expect(await run('keys', 'rotate', id)).toMatchObject({ code: 2, err: expect.stringMatching(/make a new one/) });
  });

  it('makes and revokes an operator’s', async () => {
    const { out } = await run('keys', 'create', '--operator', '--name', 'дежурный');
    const id = /operator key ([\da-f-]{36})/.exec(out)?.[1] ?? '';
    expect(await run('keys', 'revoke', id, '--operator')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/дежурный/),
    });
  });

  it.each([
    [['keys', 'create'], /--tenant NAME, or --operator/],
    [['keys', 'create', '--tenant', 'nobody'], /no tenant "nobody"/],
    [['keys', 'create', '--tenant', 'acme', '--team', 'none'], /no team "none"/],
    [['keys', 'create', '--tenant', 'acme', '--role', 'GOD'], /Allowed choices/],
    [['keys', 'create', '--tenant', 'acme', '--expires', 'soon'], /no date/],
    [['keys', 'create', '--tenant', 'acme', '--expires', '2001-01-01'], /in the future/],
    [['keys', 'create', '--tenant', 'acme', '--address', '10.0.0.0/99'], /address/i],
    [['keys', 'rotate', 'x'], /no such API key/],
    [['keys', 'rotate', 'x', '--overlap-hours', 'many'], /from 0 to 720/],
    [['keys', 'revoke', '00000000-0000-7000-8000-000000000000'], /no such API key/],
  ])('exits with 2: %j', async (words, message) => {
    expect(await run(...words)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });
});

describe('parsimony master-key rotate', () => {
  it('seals anew, and says what did not open', async () => {
    const rules = (masterKeys: MasterKeys) => ({
      masterKeys,
      parseSettings: (_kind: string, settings: object) => Promise.resolve(settings as never),
      checkUrl: () => Promise.resolve(),
    });
    const old = await MasterKeys.from({ current: OLD_KEY });
    const credentials = new CredentialService(database.dataSource, rules(old));
    await credentials.set({ tenantId, provider: 'openai', kind: 'openai', secret: 'sk-tenant' });

    const url = { DATABASE_URL: database.url, PARSIMONY_HOME: folder };
    expect(await run('master-key', 'rotate')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/PARSIMONY_MASTER_KEY is not set/),
    });
    const blind = await commandLine({ ...url, PARSIMONY_MASTER_KEY: NEW_KEY })('master-key', 'rotate');
    expect(blind).toMatchObject({ code: 1, err: expect.stringMatching(/1 credentials did not open/) });
    const both = { ...url, PARSIMONY_MASTER_KEY: NEW_KEY, PARSIMONY_MASTER_KEY_PREVIOUS: OLD_KEY };
    expect(await commandLine(both)('master-key', 'rotate')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 credentials sealed/),
    });
    expect(await commandLine(both)('master-key', 'rotate')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^0 credentials sealed/),
    });
  });
});

describe('parsimony retention run', () => {
  it('gives up what the variables say, and tells before', async () => {
    const { dataSource } = database;
    await dataSource.query(
      `SELECT ensure_usage_partition(now() - interval '14 months'), ensure_usage_partition(now())`,
    );
    const old = commandLine({ DATABASE_URL: database.url, PARSIMONY_HOME: folder, PARSIMONY_RETENTION_MONTHS: '12' });
    const dry = await old('retention', 'run', '--dry-run');
    expect(dry.out).toMatch(/^ledger: usage_\d{4}_\d{2} would go$/m);
    expect(await run('retention', 'run')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ledger: nothing gone/),
    });
    const done = await old('retention', 'run');
    expect(done.out).toBe(dry.out.replaceAll('would go', 'gone'));
    expect(await old('retention', 'run')).toMatchObject({ out: expect.stringMatching(/ledger: nothing gone/) });
  });
});

describe('parsimony prices refresh', () => {
  it('takes a file, refuses one that is none, and says so', async () => {
    const path = join(folder, 'data.json');
    writeFileSync(path, '[{"id": "x"}]');
    expect(await run('prices', 'refresh', '--from', path)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nothing was changed/),
    });
    writeFileSync(path, JSON.stringify([ONE_PROVIDER]));
    // Every other provider vanished.
    expect(await run('prices', 'refresh', '--from', path)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--force/),
    });
    const forced = await run('prices', 'refresh', '--from', path, '--force');
    expect(forced).toMatchObject({ code: 0, out: expect.stringMatching(/prices\.json: \d+ models/) });
    const away = await run('prices', 'refresh', '--from', 'http://127.0.0.1:1/data.json');
    expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/cannot be reached/) });
  });

  const ONE_PROVIDER = {
    id: 'ours',
    name: 'Наш',
    api_pattern: 'http://ours',
    models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1, output_mtok: 2 } }],
  };
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandLine, type Ran } from './command-line.js';

const ACME = `
name: acme
teams: [search, support]
document:
  tiers: { economy: [openai/gpt-4.1-mini], standard: [openai/gpt-4.1] }
  plugins: [{ use: request-policy, config: { maxTokens: 4096 } }]
`;

let database: TestDatabase;
/** Keeps the server up between the tests. */
let held: TestDatabase;
let folder: string;
let run: (...words: readonly string[]) => Promise<Ran>;

beforeAll(async () => {
  held = await startTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'parsimony-tenants-'));
});
beforeEach(async () => {
  database = await startTestDatabase();
  run = commandLine({ DATABASE_URL: database.url, PARSIMONY_HOME: folder });
  return () => database.stop();
});
afterAll(async () => {
  await held.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function count(table: string): Promise<number> {
  const [row] = await database.dataSource.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM ${table}`);
  return row?.count ?? -1;
}

describe('parsimony tenants apply', () => {
  it('makes tenants, and changes nothing the second time', async () => {
    const files = [file('acme.yaml', ACME), file('ромашка.json', '{"name": "Ромашка 🌼", "document": {"tiers": {}}}')];
    const first = await run('tenants', 'apply', ...files);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('tenant acme: new\n  + team search\n  + team support');
    expect(first.out).toContain('tenant Ромашка 🌼: new');
    expect(first.out).toContain('2 of 2 tenants changed');
    const again = await run('tenants', 'apply', ...files);
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/0 of 2 tenants changed/) });
    expect(await count('tenant_configuration')).toBe(2);
    expect(await count('team')).toBe(2);
  });

  it('shows what changes, and with --dry-run only that', async () => {
    await run('tenants', 'apply', file('acme.yaml', ACME));
    const next = file('acme.yaml', ACME.replace('4096', '8192').replace('search, ', 'продажи, '));
    const dry = await run('tenants', 'apply', '--dry-run', next);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('tenant acme: changes, revision 1');
    expect(dry.out).toContain('  + team продажи');
    expect(dry.out).toContain('  ~ plugins[0].config.maxTokens: 4096 → 8192');
    expect(dry.out).toContain(`team search is not in ${next}; it stays`);
    expect(dry.out).toContain('1 of 1 tenants would change');
    expect(await count('tenant_configuration')).toBe(1);
    expect(await count('team')).toBe(2);
    await run('tenants', 'apply', next);
    expect(await count('tenant_configuration')).toBe(2);
    const audited = await database.dataSource.query(`SELECT action, actor_kind FROM audit_event ORDER BY id`);
    expect(audited).toContainEqual({ action: 'configuration.update', actor_kind: 'system' });
  });

  it.each([
    ['name: acme\ndocuments: {}\n', /documents: unknown field; did you mean document\?/],
    ['name: acme\ndocument: []\n', /document: must be a tenant document/],
    [ACME.replace('maxTokens', 'maxToken'), /document\.plugins\[0\]\.config\.maxToken: .*did you mean `maxTokens`/],
    [ACME.replace('request-policy', 'request-police'), /document\.plugins\[0\]\.use: .*not loaded/],
    [`${ACME}---${ACME}`, /name: the tenant "acme" is described twice/],
    ['name: [', /bad\.yaml: /],
    ['', /is empty/],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n',
      /alias/i,
    ],
  ])('applies nothing of the run where one file is bad: %j', async (content, message) => {
    const good = file('good.yaml', 'name: good\ndocument: {}\n');
    const { code, err } = await run('tenants', 'apply', good, file('bad.yaml', content));
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain(join(folder, 'bad.yaml'));
    expect(err).toContain('nothing was changed');
    expect(await count('tenant')).toBe(0);
  });

  it('writes out what it takes back', async () => {
    await run('tenants', 'apply', file('acme.yaml', ACME));
    const { code, out } = await run('tenants', 'export', 'acme');
    expect(code).toBe(0);
    const path = file('exported.yaml', out);
    expect(await run('tenants', 'apply', path)).toMatchObject({ code: 0, out: expect.stringMatching(/unchanged/) });
    expect(readFileSync(path, 'utf8')).toMatch(/^name: acme/);
    expect(await run('tenants', 'export', 'нет')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no tenant "нет"/),
    });
  });

  it('names a plugin that cannot be loaded', async () => {
    const variables = { DATABASE_URL: database.url, PARSIMONY_HOME: folder, PARSIMONY_PLUGINS: '@parsimony/absent' };
    const { code, err } = await commandLine(variables)('tenants', 'apply', file('acme.yaml', ACME));
    expect(code).toBe(2);
    expect(err).toMatch(/^PARSIMONY_PLUGINS: .*@parsimony\/absent/);
  });

  it('wants a migrated database', async () => {
    await database.dataSource.query(`DELETE FROM core_migration WHERE id = (SELECT max(id) FROM core_migration)`);
    const { code, err } = await run('tenants', 'apply', file('acme.yaml', ACME));
    expect(code).toBe(1);
    expect(err).toMatch(/run `parsimony migrate`/);
  });
});

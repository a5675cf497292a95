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

const LIMITED = `${ACME.replace('support]', 'support, продажи]')}
budgets:
  - { limit: "1000", period: MONTH }
  - team: search
    tag: feature=поиск
    limit: "50.50"
    period: DAY
    mode: SOFT
    timezone: Europe/Moscow
    thresholds: [0.9, 0.5]
    downgradeAt: 0.8
  - { key: ночной разбор, limit: "0.000000000001", period: HOUR }
  - { pool: общий, teams: [search, продажи], limit: "300", period: MONTH }
rateLimits:
  - { tag: feature=поиск, requestsPerMinute: 600, concurrentCalls: 50 }
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

async function tenantNamed(name: string): Promise<{ id: string }> {
  const [tenant] = await database.dataSource.query<{ id: string }[]>('SELECT id FROM tenant WHERE name = $1', [name]);
  if (!tenant) throw new Error(`there is no tenant ${name}`);
  return tenant;
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

  it('makes budgets and rate limits by the names of teams, keys and tags, and changes nothing the second time', async () => {
    await run('tenants', 'apply', file('acme.yaml', ACME));
    const { id } = await tenantNamed('acme');
    await run('keys', 'create', '--tenant', 'acme', '--name', 'ночной разбор');
    const limited = file('limited.yaml', LIMITED);
    const dry = await run('tenants', 'apply', '--dry-run', limited);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('  + team продажи');
    expect(dry.out).toContain('  + budget of team search, tag feature=поиск, DAY: {"limit":"50.5","mode":"SOFT"');
    expect(await count('budget')).toBe(0);

    expect(await run('tenants', 'apply', limited)).toMatchObject({ code: 0, err: '' });
    const budgets = await database.dataSource.query(
      `SELECT amount::text, period, mode, timezone, thresholds, downgrade_at, tag_key, tag_value, budget.name AS pool,
          team.name AS team, api_key.name AS key, cardinality(pooled_team_ids) AS pooled
        FROM budget LEFT JOIN team ON team.id = budget.team_id LEFT JOIN api_key ON api_key.id = budget.key_id
        WHERE budget.tenant_id = $1 ORDER BY budget.amount`,
      [id],
    );
    const plain = { mode: 'HARD', timezone: 'UTC', thresholds: [0.5, 0.8, 1], downgrade_at: null };
    const nobody = { tag_key: null, tag_value: null, pool: null, team: null, key: null, pooled: null };
    expect(budgets).toEqual([
      { ...plain, ...nobody, amount: '0.000000000001', period: 'HOUR', key: 'ночной разбор' },
      {
        ...{ ...nobody, amount: '50.500000000000', period: 'DAY', mode: 'SOFT', timezone: 'Europe/Moscow' },
        ...{ thresholds: [0.5, 0.9], downgrade_at: 0.8, tag_key: 'feature', tag_value: 'поиск', team: 'search' },
      },
      { ...plain, ...nobody, amount: '300.000000000000', period: 'MONTH', pool: 'общий', pooled: 2 },
      { ...plain, ...nobody, amount: '1000.000000000000', period: 'MONTH' },
    ]);
    expect(
      await database.dataSource.query(
        `SELECT requests_per_minute::int AS requests, tokens_per_minute::int AS tokens, concurrent_calls::int AS calls FROM rate_limit`,
      ),
    ).toEqual([{ requests: 600, tokens: null, calls: 50 }]);
    const again = await run('tenants', 'apply', limited);
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/0 of 1 tenants changed/) });

    const exported = await run('tenants', 'export', 'acme');
    expect(await run('tenants', 'apply', file('exported-limits.yaml', exported.out))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/unchanged/),
    });
  });

  it('shows how a limit changes, and leaves those alone that the file does not name', async () => {
    const budgets = (...entries: string[]) => `${ACME}budgets:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
    const [day, month] = ['{ limit: "5", period: DAY }', '{ team: search, limit: "100.10", period: MONTH }'];
    await run('tenants', 'apply', file('acme.yaml', budgets(day, month)));
    const next = file('acme.yaml', budgets('{ team: search, limit: "99.9", period: MONTH, downgradeAt: 0.9 }'));
    const { code, out } = await run('tenants', 'apply', next);
    expect(code).toBe(0);
    expect(out).toContain('  budget of team search, MONTH: ~ limit: "100.1" → "99.9"');
    expect(out).toContain('  budget of team search, MONTH: + downgradeAt: 0.9');
    expect(out).toContain(`budget of the tenant, DAY is not in ${next}; it stays`);
    expect(await database.dataSource.query('SELECT amount::text, revision FROM budget ORDER BY budget.amount')).toEqual(
      [
        { amount: '5.000000000000', revision: 1 },
        { amount: '99.900000000000', revision: 2 },
      ],
    );
  });

  it.each([
    ['budgets: [{ limit: 100.5, period: DAY }]', /budgets\.0\.limit: must be USD as decimal text in quotes/],
    ['budgets: [{ limit: "0", period: DAY }]', /limit: must be more than 0 USD/],
    ['budgets: [{ limit: "-5", period: DAY }]', /limit: must be USD as decimal text/],
    ['budgets: [{ limit: "1e3", period: DAY }]', /limit: must be USD as decimal text/],
    ['budgets: [{ limit: "1", period: FORTNIGHT }]', /budgets\.0\.period/],
    ['budgets: [{ limit: "1", period: DAY, timezone: Europe/Atlantis }]', /must be a time zone/],
    ['budgets: [{ limit: "1", period: DAY, timezone: PST }]', /must be a time zone/],
    ['budgets: [{ limit: "1", period: DAY, thresholds: [0.5, 0.5] }]', /must not say a share twice/],
    ['budgets: [{ limit: "1", period: DAY, tag: feature }]', /must be a tag such as feature=search/],
    ['budgets: [{ limit: "1", period: DAY, pool: x }]', /pool and teams belong together/],
    ['budgets: [{ limit: "1", period: DAY, team: search, key: k }]', /the team or the key, not both/],
    ['budgets: [{ limit: "1", period: DAY, teem: search }]', /teem/],
    ['budgets: [{ limit: "1", period: DAY }, { limit: "2", period: DAY }]', /the tenant, DAY stands there twice/],
    ['budgets: [{ limit: "1", period: DAY, team: сбыт }]', /budgets\[0\]: there is no team "сбыт"/],
    ['budgets: [{ limit: "1", period: DAY, key: k }]', /budgets\[0\]: there is no key "k"/],
    ['rateLimits: [{ team: search }]', /must limit requestsPerMinute/],
    ['rateLimits: [{ requestsPerMinute: 0.5 }]', /requestsPerMinute/],
  ])('applies nothing of the run where a limit is wrong: %s', async (limits, message) => {
    const good = file('good.yaml', 'name: good\ndocument: {}\n');
    const { code, err } = await run('tenants', 'apply', good, file('bad.yaml', `${ACME}${limits}\n`));
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain(join(folder, 'bad.yaml'));
    expect(err).toContain('nothing was changed');
    expect(await count('tenant')).toBe(0);
  });

  it('does not guess which of two keys of one name is meant', async () => {
    await run('tenants', 'apply', file('acme.yaml', ACME));
    for (let made = 0; made < 2; made += 1) await run('keys', 'create', '--tenant', 'acme', '--name', 'k');
    const limited = file('limited.yaml', `${ACME}rateLimits: [{ key: k, concurrentCalls: 1 }]\n`);
    expect(await run('tenants', 'apply', limited)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/2 keys are named "k"/),
    });
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

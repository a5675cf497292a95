import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import { newId } from '@parsimony/tenancy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerScope } from './ledger-scope.js';

type Scope = Parameters<typeof ledgerScope>[0];

const [HERE, THERE, RED, BLUE, GREEN, KEY] = Array.from({ length: 6 }, newId) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const ODD = `O'Брайен"; DROP TABLE usage --`;
/** What each call of the ledger is known by here. */
const CALLS = {
  free: {},
  red: { team_id: RED, tags: { отдел: 'поиск' } },
  'key of red': { team_id: RED, key_id: KEY, tags: { env: 'prod', [ODD]: ODD } },
  blue: { team_id: BLUE, tags: { env: 'dev' } },
  green: { team_id: GREEN },
  theirs: { tenant_id: THERE, tags: { env: 'prod' } },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await database.dataSource.query(`SELECT ensure_usage_partition('2026-11-24T00:00:00Z')`);
  for (const [name, row] of Object.entries(CALLS)) {
    const { tenant_id: tenantId, team_id: teamId, key_id: keyId, tags }: Row = row;
    await database.dataSource.query(
      `INSERT INTO usage (tenant_id, at, call_id, rung, team_id, key_id, operation, requested_model, tags, cost, reserved,
         closes, streamed)
       VALUES ($1, '2026-11-24T12:00:00Z', $2, 0, $3, $4, 'chat', $5, $6, 1, 1, true, false)`,
      [tenantId ?? HERE, newId(), teamId ?? null, keyId ?? null, name, tags ? JSON.stringify(tags) : null],
    );
  }
});
afterAll(() => database.stop());

interface Row {
  readonly tenant_id?: string;
  readonly team_id?: string;
  readonly key_id?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const scope = (more: Partial<Scope> = {}): Scope => ({
  ...{ tenantId: HERE, teamId: null, pooledTeamIds: null, keyId: null, tag: null },
  ...more,
});

it.each<[string, Scope, readonly (keyof typeof CALLS)[]]>([
  ['a tenant', scope(), ['free', 'red', 'key of red', 'blue', 'green']],
  ['another tenant', scope({ tenantId: THERE }), ['theirs']],
  ['a team', scope({ teamId: RED }), ['red', 'key of red']],
  ['a key', scope({ teamId: RED, keyId: KEY }), ['key of red']],
  ['a pool', scope({ pooledTeamIds: [BLUE, GREEN] }), ['blue', 'green']],
  ['a tag', scope({ tag: { key: 'env', value: 'prod' } }), ['key of red']],
  ['a tag in Cyrillic', scope({ tag: { key: 'отдел', value: 'поиск' } }), ['red']],
  ['a tag that tries to be SQL', scope({ tag: { key: ODD, value: ODD } }), ['key of red']],
  ['a tag within a team', scope({ teamId: BLUE, tag: { key: 'env', value: 'dev' } }), ['blue']],
  ['a tag that another team has', scope({ teamId: RED, tag: { key: 'env', value: 'dev' } }), []],
])('%s counts the rows of its calls', async (_, one, expected) => {
  const { sql, parameters } = ledgerScope(one);
  const rows = await database.dataSource.query<{ name: keyof typeof CALLS }[]>(
    `SELECT requested_model AS name FROM usage WHERE ${sql}`,
    [...parameters],
  );
  expect(rows.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
});

it('leaves placeholders before it to others', async () => {
  const { sql, parameters } = ledgerScope(scope({ teamId: RED, tag: { key: 'env', value: 'prod' } }), 2);
  const rows = await database.dataSource.query<object[]>(`SELECT FROM usage WHERE at < $1 AND ${sql}`, [
    '2027-01-01',
    ...parameters,
  ]);
  expect(rows).toHaveLength(1);
});

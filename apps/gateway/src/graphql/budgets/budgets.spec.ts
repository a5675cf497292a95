import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway, type GraphqlAnswer } from '../../../test/graphql-gateway.js';

const FIELDS = `id tenantId name teamId apiKeyId tag { key value } team { name } apiKey { id } teams { name }
  limit effectiveLimit period mode timezone thresholds downgradeAt managedBy revision
  spent reserved unconfirmed remaining exhausted periodStart periodEnd projectedSpend warnings credits { id } events { id }`;
const SET = `mutation ($input: SetBudgetInput!) { setBudget(input: $input) { ${FIELDS} } }`;
const SET_POOL = `mutation ($input: SetPooledBudgetInput!) { setPooledBudget(input: $input) { ${FIELDS} } }`;
const DELETE = 'mutation ($id: ID!) { deleteBudget(id: $id) }';
const BUDGET = `query ($id: ID!) { budget(id: $id) { id } }`;
const SEEN = `query ($id: ID!) { budgets(tenantId: $id) { id }
  tenant(id: $id) { budgets { id } teams { id budgets { id } } apiKeys { id budgets { id } } } }`;

interface Budget {
  readonly id: string;
  readonly limit: string;
  readonly revision: number;
  readonly managedBy: string;
  readonly warnings: readonly string[];
}
interface Owner {
  readonly id: string;
  readonly budgets: readonly { readonly id: string }[];
}
interface Seen {
  readonly budgets: readonly { readonly id: string }[];
  readonly tenant: Omit<Owner, 'id'> & { readonly teams: readonly Owner[]; readonly apiKeys: readonly Owner[] };
}

let gateway: GraphqlGateway;
let tenantId: string;
let team: string;
let otherTeam: string;
let owner: string;
let member: { readonly id: string; readonly secret: string };
let ofOtherTeam: { readonly id: string; readonly secret: string };
let stranger: { readonly tenantId: string; readonly teamId: string; readonly secret: string };

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('Ромашка')).id;
  team = (await gateway.createTeam(tenantId, 'Поиск')).id;
  otherTeam = (await gateway.createTeam(tenantId, 'billing')).id;
  owner = (await gateway.createKey(tenantId, 'OWNER')).secret;
  member = await gateway.createKey(tenantId, 'MEMBER', team);
  ofOtherTeam = await gateway.createKey(tenantId, 'MEMBER', otherTeam);
  const { id } = await gateway.createTenant('strangers');
  const { id: teamId } = await gateway.createTeam(id, 'strangers');
  stranger = { tenantId: id, teamId, secret: (await gateway.createKey(id, 'OWNER')).secret };
});
afterAll(() => gateway[Symbol.asyncDispose]());

const set = (secret: string, input: object) =>
  gateway.ask<{ setBudget: Budget }>(secret, SET, { input: { tenantId, limit: '10', period: 'MONTH', ...input } });
const setPool = (secret: string, input: object) =>
  gateway.ask<{ setPooledBudget: Budget }>(secret, SET_POOL, {
    input: { tenantId, name: 'Общий', teamIds: [team, otherTeam], limit: '10', period: 'WEEK', ...input },
  });
const remove = (secret: string, id: string) => gateway.ask(secret, DELETE, { id });

async function made(secret: string, input: object): Promise<Budget> {
  const { data, errors } = await set(secret, input);
  expect(errors).toEqual([]);
  return data.setBudget;
}

const outcome = ({ errors }: GraphqlAnswer<unknown>): string => errors[0]?.extensions.code ?? 'ok';

describe('the life of a budget', () => {
  test('is made with its defaults, replaced, and deleted', async () => {
    const tag = { key: 'отдел', value: 'Склад № 1' };
    const first = await made(owner, { tag, period: 'DAY', limit: '0.000000000001' });
    expect(first).toMatchObject({
      ...{ tenantId, name: null, teamId: null, apiKeyId: null, tag, team: null, apiKey: null, teams: [] },
      ...{ limit: '0.000000000001', effectiveLimit: '0.000000000001', period: 'DAY', mode: 'HARD', timezone: 'UTC' },
      ...{ thresholds: [0.5, 0.8, 1], downgradeAt: null, managedBy: 'TENANT', revision: 1 },
      ...{ spent: '0.000000000000', reserved: '0.000000000000', unconfirmed: '0.000000000000' },
      ...{ remaining: '0.000000000001', exhausted: false, warnings: [], credits: [], events: [] },
    });
    const second = await made(owner, {
      ...{ tag, period: 'DAY', limit: '123456789.123456789012', mode: 'SOFT', timezone: 'Europe/Moscow' },
      ...{ thresholds: [0.9, 0.25], downgradeAt: 0.75, expectedRevision: 1 },
    });
    expect(second).toMatchObject({
      ...{ id: first.id, limit: '123456789.123456789012', mode: 'SOFT', timezone: 'Europe/Moscow' },
      ...{ thresholds: [0.25, 0.9], downgradeAt: 0.75, revision: 2 },
    });
    expect((await remove(owner, first.id)).data).toEqual({ deleteBudget: first.id });
    expect((await gateway.ask(owner, BUDGET, { id: first.id })).data).toEqual({ budget: null });
    expect(outcome(await remove(owner, first.id))).toBe('resource_not_found');
  });

  test('null in place of a default means the default', async () => {
    const budget = await made(owner, { period: 'HOUR', timezone: null, thresholds: null, downgradeAt: null });
    expect(budget).toMatchObject({ timezone: 'UTC', thresholds: [0.5, 0.8, 1], downgradeAt: null });
    await remove(owner, budget.id);
  });

  test('asked twice in one request, it is shown as it has become', async () => {
    const input = { tenantId, limit: '1', period: 'TOTAL' };
    const { data, errors } = await gateway.ask<Record<'first' | 'second', Budget>>(
      owner,
      `mutation ($first: SetBudgetInput!, $second: SetBudgetInput!) {
        first: setBudget(input: $first) { id limit effectiveLimit periodEnd projectedSpend }
        second: setBudget(input: $second) { id limit effectiveLimit } }`,
      { first: input, second: { ...input, limit: '2' } },
    );
    expect(errors).toEqual([]);
    expect(data.first).toMatchObject({ effectiveLimit: '1.000000000000', periodEnd: null, projectedSpend: null });
    expect(data.second).toMatchObject({ id: data.first.id, effectiveLimit: '2.000000000000' });
    await remove(owner, data.first.id);
  });

  test('the gateway hears of it', async () => {
    const { id } = await made(owner, { teamId: team, period: 'HOUR' });
    const known = () => gateway.core.directory.tenant(tenantId)?.budgets.map((budget) => budget.id);
    await expect.poll(known).toContain(id);
    await remove(owner, id);
    await expect.poll(known).not.toContain(id);
  });
});

describe('where it is shown', () => {
  test('at the tenant, the team or the key that it is of, and a shared one at each of its teams', async () => {
    const ids = {
      tenant: (await made(owner, {})).id,
      tag: (await made(owner, { tag: { key: 'env', value: 'prod' } })).id,
      team: (await made(owner, { teamId: team })).id,
      teamTag: (await made(owner, { teamId: team, tag: { key: 'env', value: 'prod' } })).id,
      key: (await made(owner, { apiKeyId: member.id })).id,
      pool: '',
    };
    const pool = await setPool(owner, {});
    expect(pool.errors).toEqual([]);
    expect(pool.data.setPooledBudget).toMatchObject({
      name: 'Общий',
      teams: [{ name: 'Поиск' }, { name: 'billing' }],
      revision: 1,
    });
    ids.pool = pool.data.setPooledBudget.id;

    const seenBy = async (secret: string) => {
      const { data, errors } = await gateway.ask<Seen>(secret, SEEN, { id: tenantId });
      expect(errors).toEqual([]);
      const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
      const named = (budgets: Owner['budgets'] | undefined) => budgets?.map(({ id }) => names.get(id));
      return {
        all: named(data.budgets),
        tenant: named(data.tenant.budgets),
        team: named(data.tenant.teams.find(({ id }) => id === team)?.budgets),
        otherTeam: named(data.tenant.teams.find(({ id }) => id === otherTeam)?.budgets),
        key: named(data.tenant.apiKeys.find(({ id }) => id === member.id)?.budgets),
      };
    };
    expect(await seenBy(owner)).toEqual({
      all: ['tenant', 'tag', 'team', 'teamTag', 'key', 'pool'],
      tenant: ['tenant', 'tag', 'pool'],
      team: ['team', 'teamTag', 'pool'],
      otherTeam: ['pool'],
      key: ['key'],
    });
    expect(await seenBy(gateway.operator)).toEqual(await seenBy(owner));
    expect(await seenBy(member.secret)).toEqual({
      all: ['team', 'teamTag', 'key', 'pool'],
      tenant: ['pool'],
      team: ['team', 'teamTag', 'pool'],
      otherTeam: undefined,
      key: ['key'],
    });
    expect(await seenBy(ofOtherTeam.secret)).toMatchObject({ all: ['pool'], otherTeam: ['pool'], key: undefined });

    const shown = async (secret: string, id: string) => (await gateway.ask(secret, BUDGET, { id })).data;
    expect(await shown(member.secret, ids.team)).toEqual({ budget: { id: ids.team } });
    expect(await shown(member.secret, ids.tenant)).toEqual({ budget: null });
    expect(await shown(ofOtherTeam.secret, ids.key)).toEqual({ budget: null });
    expect(await shown(stranger.secret, ids.team)).toEqual({ budget: null });
    expect(await shown(owner, 'none')).toEqual({ budget: null });
    for (const id of Object.values(ids)) expect(outcome(await remove(owner, id))).toBe('ok');
  });

  test('of another tenant, and of one that is not there, nothing', async () => {
    const ask = (secret: string, id: string) =>
      gateway.ask(secret, 'query ($id: ID!) { budgets(tenantId: $id) { id } }', { id });
    expect(outcome(await ask(stranger.secret, tenantId))).toBe('resource_not_found');
    for (const id of ['none', '01990000-0000-7000-8000-000000000001'])
      expect(outcome(await ask(gateway.operator, id))).toBe('resource_not_found');
  });
});

describe('a member', () => {
  test('sets those of its team and of its keys, and none besides', async () => {
    const own = await made(member.secret, { teamId: team, period: 'DAY' });
    expect(own).toMatchObject({ managedBy: 'TEAM' });
    const colleague = await gateway.createKey(tenantId, 'MEMBER', team);
    const ofKey = await made(member.secret, { apiKeyId: colleague.id, period: 'DAY' });
    expect(ofKey).toMatchObject({ apiKeyId: colleague.id, teamId: team, managedBy: 'TEAM' });
    const elsewhere = [
      {},
      { tag: { key: 'env', value: 'prod' } },
      { teamId: otherTeam },
      { apiKeyId: ofOtherTeam.id },
      { teamId: team, apiKeyId: ofOtherTeam.id },
      { apiKeyId: '01990000-0000-7000-8000-000000000001' },
    ];
    for (const place of elsewhere) expect(outcome(await set(member.secret, place))).toBe('permission_denied');
    expect(outcome(await setPool(member.secret, { teamIds: [team] }))).toBe('permission_denied');
    expect(outcome(await remove(ofOtherTeam.secret, own.id))).toBe('permission_denied');
    for (const { id } of [own, ofKey]) expect(outcome(await remove(member.secret, id))).toBe('ok');
  });

  test('does not loosen what an administrator has set, and is not told of what it may not see', async () => {
    const above = await made(owner, { period: 'DAY', limit: '5' });
    const fixed = await made(owner, { teamId: team, period: 'DAY', limit: '3' });
    expect(outcome(await set(member.secret, { teamId: team, period: 'DAY', limit: '100' }))).toBe('permission_denied');
    expect(outcome(await remove(member.secret, fixed.id))).toBe('permission_denied');
    const key = { apiKeyId: member.id, period: 'DAY', limit: '7' };
    expect((await made(member.secret, key)).warnings).toEqual([expect.stringMatching(/3 USD/)]);
    const ofKey = await made(owner, key);
    expect(ofKey.warnings).toHaveLength(2);
    for (const { id } of [above, fixed, ofKey]) expect(outcome(await remove(owner, id))).toBe('ok');
  });

  test('without a team sets none', async () => {
    const alone = await gateway.createKey(tenantId, 'MEMBER');
    expect(outcome(await set(alone.secret, { apiKeyId: alone.id }))).toBe('permission_denied');
  });
});

describe('two at once', () => {
  test.each([
    ['make it', 0],
    ['replace it', 1],
  ])('%s: one does, and the other is told', async (_what, expectedRevision) => {
    const place = { teamId: otherTeam, period: 'TOTAL' };
    if (expectedRevision === 1) await made(owner, place);
    const answers = await Promise.all(
      [owner, gateway.operator].map((secret, n) => set(secret, { ...place, limit: String(n + 1), expectedRevision })),
    );
    expect(answers.map(outcome).toSorted()).toEqual(['ok', 'revision_conflict']);
    const winner = answers.find(({ errors }) => errors.length === 0)!.data.setBudget;
    expect(winner.revision).toBe(expectedRevision + 1);
    const late = await set(owner, { ...place, expectedRevision });
    expect(late.errors).toMatchObject([
      { extensions: { code: 'revision_conflict', status: 409, param: 'expectedRevision' } },
    ]);
    await remove(owner, winner.id);
  });
});

describe('what makes no sense', () => {
  test.each<[string, () => object, string, string | undefined]>([
    ['a negative limit', () => ({ limit: '-1' }), 'invalid_request', 'limit'],
    ['a limit of nothing', () => ({ limit: '0' }), 'invalid_request', 'limit'],
    ['an absurd limit', () => ({ limit: '999999999999999999' }), 'invalid_request', 'limit'],
    ['a limit that is no number', () => ({ limit: 'много' }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a limit finer than money', () => ({ limit: '0.0000000000001' }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a limit that has been a float', () => ({ limit: 0.1 }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a limit longer than any', () => ({ limit: '9'.repeat(100_000) }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['no limit', () => ({ limit: null }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['an unknown time zone', () => ({ timezone: 'Europe/Mordor' }), 'invalid_request', 'timezone'],
    ['an offset for a time zone', () => ({ timezone: '+03:00' }), 'invalid_request', 'timezone'],
    ['an unknown period', () => ({ period: 'YEAR' }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['an unknown mode', () => ({ mode: 'FIRM' }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a tag without a value', () => ({ tag: { key: 'env' } }), 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a tag with an empty value', () => ({ tag: { key: 'env', value: '' } }), 'invalid_request', 'tag.value'],
    ['a tag whose name is none', () => ({ tag: { key: 'a b', value: 'c' } }), 'invalid_request', 'tag.key'],
    ['no thresholds', () => ({ thresholds: [] }), 'invalid_request', 'thresholds'],
    ['a threshold of nothing', () => ({ thresholds: [0, 1] }), 'invalid_request', 'thresholds'],
    ['a threshold twice', () => ({ thresholds: [1, 1] }), 'invalid_request', 'thresholds'],
    ['a downgrade beyond the limit', () => ({ downgradeAt: 1.5 }), 'invalid_request', 'downgradeAt'],
    ['a downgrade from nothing on', () => ({ downgradeAt: 0 }), 'invalid_request', 'downgradeAt'],
    ['a foreign team', () => ({ teamId: stranger.teamId }), 'resource_not_found', 'teamId'],
    ['a team that is none', () => ({ teamId: 'none' }), 'resource_not_found', 'teamId'],
    ['a key that is not there', () => ({ apiKeyId: stranger.teamId }), 'resource_not_found', 'apiKeyId'],
    ['a key of another team', () => ({ teamId: otherTeam, apiKeyId: member.id }), 'invalid_request', 'teamId'],
    ['a foreign tenant', () => ({ tenantId: stranger.tenantId }), 'resource_not_found', 'tenantId'],
    ['a tenant that is none', () => ({ tenantId: 'none' }), 'resource_not_found', 'tenantId'],
    ['a revision of nothing', () => ({ expectedRevision: 7 }), 'revision_conflict', 'expectedRevision'],
  ])('%s', async (_what, input, code, param) => {
    const { errors, status } = await set(owner, { teamId: team, period: 'WEEK', ...input() });
    expect(errors.map(({ extensions }) => [extensions.code, extensions.param])).toEqual([[code, param]]);
    expect(status).toBeLessThan(500);
  });

  test.each<[string, () => object, string, string]>([
    ['a pool of nobody', () => ({ teamIds: [] }), 'invalid_request', 'teamIds'],
    ['a pool with a foreign team', () => ({ teamIds: [team, stranger.teamId] }), 'resource_not_found', 'teamIds'],
    ['a pool with a team twice', () => ({ teamIds: [team, team] }), 'invalid_request', 'teamIds'],
    ['a pool without a name', () => ({ name: ' ' }), 'invalid_request', 'name'],
    ['a pool of less than nothing', () => ({ limit: '-0.000000000001' }), 'invalid_request', 'limit'],
  ])('%s', async (_what, input, code, param) => {
    expect((await setPool(owner, input())).errors).toMatchObject([{ extensions: { code, param } }]);
  });

  test('nothing of it was kept', async () => {
    const { data } = await gateway.ask<Seen>(owner, SEEN, { id: tenantId });
    expect(data.budgets).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphqlGateway, type GraphqlAnswer } from '../../../test/graphql-gateway.js';

const SET = `mutation ($input: SetRateLimitInput!) { setRateLimit(input: $input) {
  id tenantId teamId apiKeyId tag { key value } requestsPerMinute tokensPerMinute concurrentCalls managedBy revision } }`;
const DELETE = 'mutation ($id: ID!) { deleteRateLimit(id: $id) }';
const SEEN = `query ($id: ID!) { tenant(id: $id) {
  rateLimits { id } teams { id rateLimits { id } } apiKeys { id rateLimits { id } } } }`;

interface RateLimit {
  readonly id: string;
  readonly revision: number;
}
interface Owner {
  readonly id: string;
  readonly rateLimits: readonly { readonly id: string }[];
}
interface Seen {
  readonly tenant: Omit<Owner, 'id'> & { readonly teams: readonly Owner[]; readonly apiKeys: readonly Owner[] };
}

let gateway: GraphqlGateway;
let tenantId: string;
let team: string;
let otherTeam: string;
let owner: string;
let member: { readonly id: string; readonly secret: string };

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  team = (await gateway.createTeam(tenantId, 'Поиск')).id;
  otherTeam = (await gateway.createTeam(tenantId, 'billing')).id;
  owner = (await gateway.createKey(tenantId, 'OWNER')).secret;
  member = await gateway.createKey(tenantId, 'MEMBER', team);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const set = (secret: string, input: object) =>
  gateway.ask<{ setRateLimit: RateLimit }>(secret, SET, { input: { tenantId, ...input } });

async function made(secret: string, input: object): Promise<RateLimit> {
  const { data, errors } = await set(secret, input);
  expect(errors).toEqual([]);
  return data.setRateLimit;
}

const remove = (secret: string, id: string) => gateway.ask(secret, DELETE, { id });
const outcome = ({ errors }: GraphqlAnswer<unknown>): string => errors[0]?.extensions.code ?? 'ok';

test('is made, replaced with all its measures, and deleted', async () => {
  const tag = { key: 'отдел', value: 'Склад' };
  const first = await made(owner, { tag, requestsPerMinute: 60, tokensPerMinute: 100_000_000_000 });
  expect(first).toMatchObject({
    ...{ tenantId, teamId: null, apiKeyId: null, tag, managedBy: 'TENANT', revision: 1 },
    ...{ requestsPerMinute: 60, tokensPerMinute: 100_000_000_000, concurrentCalls: null },
  });
  const second = await made(owner, { tag, concurrentCalls: 2, expectedRevision: 1 });
  expect(second).toMatchObject({
    ...{ id: first.id, revision: 2 },
    ...{ requestsPerMinute: null, tokensPerMinute: null, concurrentCalls: 2 },
  });
  await expect
    .poll(() => gateway.core.directory.tenant(tenantId)?.rateLimits.map(({ concurrentCalls }) => concurrentCalls))
    .toEqual([2]);
  expect((await remove(owner, first.id)).data).toEqual({ deleteRateLimit: first.id });
  expect(outcome(await remove(owner, first.id))).toBe('resource_not_found');
});

test('is shown at the tenant, the team or the key, to those who may see it', async () => {
  const ofTenant = await made(owner, { requestsPerMinute: 1_000 });
  const ofTeam = await made(owner, { teamId: team, requestsPerMinute: 100 });
  const ofKey = await made(member.secret, { apiKeyId: member.id, concurrentCalls: 1 });
  const seenBy = async (secret: string) => {
    const { tenant } = (await gateway.ask<Seen>(secret, SEEN, { id: tenantId })).data;
    const ids = (owned: Pick<Owner, 'rateLimits'> | undefined) => owned?.rateLimits.map(({ id }) => id);
    return [
      ids(tenant),
      ids(tenant.teams.find(({ id }) => id === team)),
      ids(tenant.apiKeys.find(({ id }) => id === member.id)),
    ];
  };
  expect(await seenBy(owner)).toEqual([[ofTenant.id], [ofTeam.id], [ofKey.id]]);
  expect(await seenBy(member.secret)).toEqual([[], [ofTeam.id], [ofKey.id]]);
  for (const { id } of [ofTenant, ofTeam, ofKey]) await remove(owner, id);
});

test('a member sets those of its team, but for those that an administrator has set', async () => {
  const own = await made(member.secret, { teamId: team, requestsPerMinute: 10 });
  expect(own).toMatchObject({ managedBy: 'TEAM' });
  for (const place of [{}, { teamId: otherTeam }, { tag: { key: 'env', value: 'prod' } }])
    expect(outcome(await set(member.secret, { ...place, requestsPerMinute: 10 }))).toBe('permission_denied');
  expect(await made(owner, { teamId: team, requestsPerMinute: 5 })).toMatchObject({ id: own.id, managedBy: 'TENANT' });
  expect(outcome(await set(member.secret, { teamId: team, requestsPerMinute: 500 }))).toBe('permission_denied');
  expect(outcome(await remove(member.secret, own.id))).toBe('permission_denied');
  await remove(owner, own.id);
});

test('of two who set it at once one is told', async () => {
  const wish = { teamId: otherTeam, concurrentCalls: 3, expectedRevision: 0 };
  const answers = await Promise.all([set(owner, wish), set(gateway.operator, wish)]);
  expect(answers.map(outcome).toSorted()).toEqual(['ok', 'revision_conflict']);
});

test.each<[string, object, string, string | undefined]>([
  ['no measure', {}, 'invalid_request', 'requestsPerMinute'],
  ['nothing a minute', { requestsPerMinute: 0 }, 'invalid_request', 'requestsPerMinute'],
  ['less than nothing', { concurrentCalls: -1 }, 'invalid_request', 'concurrentCalls'],
  ['half a token', { tokensPerMinute: 0.5 }, 'invalid_request', 'tokensPerMinute'],
  ['an absurd rate', { tokensPerMinute: 1e300 }, 'invalid_request', 'tokensPerMinute'],
  ['a rate that is no number', { requestsPerMinute: 'много' }, 'GRAPHQL_VALIDATION_FAILED', undefined],
  ['half a request', { requestsPerMinute: 1.5 }, 'GRAPHQL_VALIDATION_FAILED', undefined],
  ['a foreign tenant', { tenantId: crypto.randomUUID(), requestsPerMinute: 1 }, 'resource_not_found', 'tenantId'],
  ['a foreign team', { teamId: crypto.randomUUID(), requestsPerMinute: 1 }, 'resource_not_found', 'teamId'],
  ['a tag without a value', { tag: { key: 'env' }, requestsPerMinute: 1 }, 'GRAPHQL_VALIDATION_FAILED', undefined],
])('%s is refused', async (_what, input, code, param) => {
  const { errors } = await set(owner, input);
  expect(errors.map(({ extensions }) => [extensions.code, extensions.param])).toEqual([[code, param]]);
});

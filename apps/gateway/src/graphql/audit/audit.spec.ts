import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { letTenantsBringCredentials } from '../../../test/let-tenants-bring-credentials.js';

interface Events {
  readonly auditEvents: {
    readonly nodes: readonly {
      readonly id: string;
      readonly action: string;
      readonly tenantId: string | null;
      readonly actorId: string;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const EVENTS = `query ($tenantId: ID, $first: Int, $after: String) {
  auditEvents(tenantId: $tenantId, first: $first, after: $after) {
    nodes { id at tenantId actorKind actorId actorRole address action targetKind targetId detail }
    pageInfo { hasNextPage endCursor } } }`;

let gateway: GraphqlGateway;
let tenantId: string;
let owner: { readonly id: string; readonly secret: string };
let keyId: string;
let teamId: string;
/** Of what the last mutation that made something has made. */
let madeId: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start({ plugins: ['./fragile-plugin', './keeping-plugin'] });
  await letTenantsBringCredentials(gateway.core);
  tenantId = (await gateway.createTenant('acme')).id;
  owner = await gateway.createKey(tenantId, 'OWNER');
  teamId = (await gateway.createTeam(tenantId, 'billing')).id;
  keyId = (await gateway.createKey(tenantId, 'MEMBER')).id;
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function eventsOf(secret: string, variables: object = { tenantId }): Promise<Events['auditEvents']> {
  const { data, errors } = await gateway.ask<Events>(secret, EVENTS, { first: 1_000, ...variables });
  expect(errors).toEqual([]);
  return data.auditEvents;
}

/** By mutation what it is asked, and the action that it leaves; in order, since some stand on others. */
const MUTATIONS: Readonly<Record<string, { action: string; query: string; variables?: () => object }>> = {
  createTenant: {
    action: 'tenant.create',
    query: 'mutation { createTenant(input: { name: "audited" }) { id } }',
  },
  createTeam: {
    action: 'team.create',
    query: 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { id } }',
    variables: () => ({ input: { tenantId, name: 'Поиск' } }),
  },
  createApiKey: {
    action: 'key.create',
    query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }',
    variables: () => ({ input: { tenantId, name: 'audited' } }),
  },
  rotateApiKey: {
    action: 'key.rotate',
    query: 'mutation ($id: ID!) { rotateApiKey(id: $id) { apiKey { id } } }',
    variables: () => ({ id: keyId }),
  },
  revokeApiKey: {
    action: 'key.revoke',
    query: 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }',
    variables: () => ({ id: keyId }),
  },
  setProviderCredential: {
    action: 'credential.set',
    query: 'mutation ($input: ProviderCredentialInput!) { setProviderCredential(input: $input) { id } }',
    variables: () => ({ input: { tenantId, provider: 'openai', kind: 'openai', secret: 'sk-of-the-tenant' } }),
  },
  removeProviderCredential: {
    action: 'credential.remove',
    query: 'mutation ($id: ID!) { removeProviderCredential(id: $id) }',
    variables: () => ({ id: madeId }),
  },
  setRateLimit: {
    action: 'rate-limit.set',
    query: 'mutation ($input: SetRateLimitInput!) { setRateLimit(input: $input) { id } }',
    variables: () => ({ input: { tenantId, tag: { key: 'отдел', value: 'Склад' }, requestsPerMinute: 60 } }),
  },
  deleteRateLimit: {
    action: 'rate-limit.delete',
    query: 'mutation ($id: ID!) { deleteRateLimit(id: $id) }',
    variables: () => ({ id: madeId }),
  },
  setBudget: {
    action: 'budget.set',
    query: 'mutation ($input: SetBudgetInput!) { setBudget(input: $input) { id } }',
    variables: () => ({ input: { tenantId, limit: '0.000000000001', period: 'DAY' } }),
  },
  deleteBudget: {
    action: 'budget.delete',
    query: 'mutation ($id: ID!) { deleteBudget(id: $id) }',
    variables: () => ({ id: madeId }),
  },
  setPooledBudget: {
    action: 'budget.set',
    query: 'mutation ($input: SetPooledBudgetInput!) { setPooledBudget(input: $input) { id } }',
    variables: () => ({ input: { tenantId, name: 'Общий', teamIds: [teamId], limit: '1', period: 'TOTAL' } }),
  },
  grantCredit: {
    action: 'credit.grant',
    query: 'mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { id } }',
    variables: () => ({ input: { budgetId: madeId, amount: '1', expiresAt: '2100-01-01T00:00:00Z' } }),
  },
  revokeCredit: {
    action: 'credit.revoke',
    query: 'mutation ($id: ID!) { revokeCredit(id: $id) { id } }',
    variables: () => ({ id: madeId }),
  },
  purgeCache: {
    action: 'cache.purge',
    query: 'mutation ($tenantId: ID!) { purgeCache(tenantId: $tenantId, promptContains: "Иванов") { purged } }',
    variables: () => ({ tenantId }),
  },
  updateTenantConfiguration: {
    action: 'configuration.update',
    query: `mutation ($tenantId: ID!) {
      updateTenantConfiguration(tenantId: $tenantId, document: {}, expectedRevision: 1) { revision } }`,
    variables: () => ({ tenantId }),
  },
};

/** What changes nothing that is administered. */
const CALLS = ['complete', 'cacheLookUp', 'cacheKeep'];

describe('every mutation', () => {
  test('stands in this table', async () => {
    const { data } = await gateway.ask<IntrospectionQuery>(gateway.operator, getIntrospectionQuery());
    const mutations = Object.keys(buildClientSchema(data).getMutationType()?.getFields() ?? {});
    expect(mutations.toSorted()).toEqual([...Object.keys(MUTATIONS), ...CALLS].toSorted());
  });

  test.each(Object.entries(MUTATIONS))('%s leaves an event', async (_name, { action, query, variables }) => {
    const before = new Set((await eventsOf(gateway.operator, {})).nodes.map(({ id }) => id));
    const made = await gateway.ask<Record<string, string | { id?: string }>>(gateway.operator, query, {
      ...variables?.(),
    });
    expect(made.errors).toEqual([]);
    const [shown] = Object.values(made.data);
    madeId = (typeof shown === 'object' ? shown.id : undefined) ?? madeId;
    const events = (await eventsOf(gateway.operator, {})).nodes.filter(({ id }) => !before.has(id));
    expect(events).toMatchObject([
      { action, actorKind: 'key', actorRole: 'OPERATOR', address: expect.stringMatching(/127\.0\.0\.1/) },
    ]);
  });
});

test('a tenant sees its own events, without naming itself too, and an operator all', async () => {
  const other = await gateway.createTenant('other');
  const own = await eventsOf(owner.secret, {});
  expect(own).toEqual(await eventsOf(owner.secret));
  expect(new Set(own.nodes.map((event) => event.tenantId))).toEqual(new Set([tenantId]));
  const all = await eventsOf(gateway.operator, {});
  const seen = new Set(all.nodes.map((event) => event.tenantId));
  for (const each of [tenantId, other.id, null]) expect(seen).toContain(each);
  const refused = await gateway.ask(owner.secret, EVENTS, { tenantId: other.id });
  expect(refused.errors).toMatchObject([{ extensions: { code: 'resource_not_found' } }]);
});

test('pages by cursor', async () => {
  const whole = await eventsOf(owner.secret);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Events['auditEvents'] = await eventsOf(owner.secret, { first: 3, after });
    seen.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(whole.nodes.map(({ id }) => id));
});

import { setTimeout as delay } from 'node:timers/promises';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway, until } from '../../../test/graphql-gateway.js';
import { letTenantsBringCredentials } from '../../../test/let-tenants-bring-credentials.js';

const ROLES = ['OPERATOR', 'OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'STRANGER'] as const;
type Caller = (typeof ROLES)[number];

/** `ok`, `null`, or the code of the error. */
type Outcome = 'ok' | 'null' | 'permission_denied' | 'resource_not_found';

interface Case {
  readonly field: string;
  readonly query: string;
  readonly variables?: () => Record<string, unknown> | Promise<Record<string, unknown>>;
  readonly outcomes: Readonly<Record<Caller, Outcome>>;
}

let gateway: GraphqlGateway;
let tenantId: string;
let teamId: string;
let callId: string;
const secrets = {} as Record<Caller, string>;
let count = 0;

beforeAll(async () => {
  gateway = await GraphqlGateway.start({ plugins: ['./fragile-plugin', './keeping-plugin'] });
  tenantId = (await gateway.createTenant('acme', { plugins: [{ use: 'keeping' }] })).id;
  teamId = (await gateway.createTeam(tenantId, 'search')).id;
  const strangers = await gateway.createTenant('strangers');
  secrets.OPERATOR = gateway.operator;
  secrets.OWNER = (await gateway.createKey(tenantId, 'OWNER')).secret;
  secrets.ADMIN = (await gateway.createKey(tenantId, 'ADMIN')).secret;
  secrets.MEMBER = (await gateway.createKey(tenantId, 'MEMBER', teamId)).secret;
  secrets.VIEWER = (await gateway.createKey(tenantId, 'VIEWER')).secret;
  secrets.STRANGER = (await gateway.createKey(strangers.id, 'OWNER')).secret;
  await until(() => gateway.core.directory.tenant(tenantId)?.teams.has(teamId) === true, 'the team is known');
  const made = await gateway.ask<{ complete: { id: string } }>(secrets.MEMBER, COMPLETE, completeInput());
  callId = made.data.complete.id;
  await letTenantsBringCredentials(gateway.core);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const COMPLETE = 'mutation ($input: CompleteInput!) { complete(input: $input) { id } }';
const completeInput = () => ({
  input: { tenantId, teamId, model: 'economy', messages: [{ role: 'user', content: 'hello' }] },
});
const SET_BUDGET = 'mutation ($input: SetBudgetInput!) { setBudget(input: $input) { id } }';
const SET_RATE_LIMIT = 'mutation ($input: SetRateLimitInput!) { setRateLimit(input: $input) { id } }';
const GRANT_CREDIT = 'mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { id } }';
/** In a place of its own each time: what an administrator has set no member may change. */
const freshPlace = () => ({ tenantId, teamId, tag: { key: 'case', value: String(++count) } });
const budgetInput = () => ({ ...freshPlace(), limit: '1', period: 'DAY' });
const rateLimitInput = () => ({ ...freshPlace(), requestsPerMinute: 60 });
const creditInput = (budgetId: string) => ({ budgetId, amount: '1', expiresAt: '2100-01-01T00:00:00Z' });
const createBudget = () => idOf(secrets.MEMBER, SET_BUDGET, budgetInput());
const filter = () => ({
  filter: { tenantId, teamId, from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) },
});
const everybody = (outcome: Outcome): Record<Caller, Outcome> => ({
  OPERATOR: outcome,
  OWNER: outcome,
  ADMIN: outcome,
  MEMBER: outcome,
  VIEWER: outcome,
  STRANGER: outcome,
});
const administrators = {
  ...everybody('ok'),
  MEMBER: 'permission_denied',
  VIEWER: 'permission_denied',
  STRANGER: 'resource_not_found',
} as const;
const operators = { ...everybody('permission_denied'), OPERATOR: 'ok' } as const;
const callers = { ...everybody('ok'), VIEWER: 'permission_denied', STRANGER: 'resource_not_found' } as const;

const CASES: readonly Case[] = [
  { field: 'Query.viewer', query: '{ viewer { keyId } }', outcomes: everybody('ok') },
  { field: 'Query.tenants', query: '{ tenants { edges { node { id } } } }', outcomes: operators },
  {
    field: 'Query.tenant',
    query: 'query ($id: ID!) { tenant(id: $id) { id } }',
    variables: () => ({ id: tenantId }),
    outcomes: { ...everybody('ok'), STRANGER: 'null' },
  },
  { field: 'Query.models', query: '{ models(provider: "openai") { id } }', outcomes: everybody('ok') },
  { field: 'Query.plugins', query: '{ plugins { name } }', outcomes: everybody('ok') },
  {
    field: 'Query.usage',
    query: 'query ($filter: UsageFilter!) { usage(filter: $filter) { calls } }',
    variables: filter,
    outcomes: { ...everybody('ok'), STRANGER: 'resource_not_found' },
  },
  {
    field: 'Query.savings',
    query: 'query ($filter: UsageFilter!) { savings(filter: $filter) { saved } }',
    variables: filter,
    outcomes: { ...everybody('ok'), STRANGER: 'resource_not_found' },
  },
  {
    field: 'Query.cacheQuality',
    query: 'query ($tenantId: ID!) { cacheQuality(tenantId: $tenantId) { kind } }',
    variables: () => ({ tenantId }),
    outcomes: { ...everybody('ok'), MEMBER: 'permission_denied', STRANGER: 'resource_not_found' },
  },
  {
    field: 'Query.call',
    query: 'query ($id: ID!) { call(id: $id) { id } }',
    variables: () => ({ id: callId }),
    outcomes: { ...everybody('ok'), STRANGER: 'null' },
  },
  {
    field: 'Query.calls',
    query: 'query ($filter: UsageFilter!) { calls(filter: $filter) { edges { node { id } } } }',
    variables: filter,
    outcomes: { ...everybody('ok'), STRANGER: 'resource_not_found' },
  },
  {
    field: 'Query.providerCredentials',
    query: 'query ($tenantId: ID!) { providerCredentials(tenantId: $tenantId) { id } }',
    variables: () => ({ tenantId }),
    outcomes: administrators,
  },
  {
    field: 'Query.auditEvents',
    query: 'query ($tenantId: ID) { auditEvents(tenantId: $tenantId) { edges { node { id } } } }',
    variables: () => ({ tenantId }),
    outcomes: administrators,
  },
  {
    field: 'Query.budget',
    query: 'query ($id: ID!) { budget(id: $id) { id spent } }',
    variables: async () => ({ id: await createBudget() }),
    outcomes: { ...everybody('ok'), STRANGER: 'null' },
  },
  {
    field: 'Query.budgets',
    query: 'query ($tenantId: ID!) { budgets(tenantId: $tenantId) { id spent } }',
    variables: () => ({ tenantId }),
    outcomes: { ...everybody('ok'), STRANGER: 'resource_not_found' },
  },
  { field: 'Mutation.complete', query: COMPLETE, variables: completeInput, outcomes: callers },
  {
    field: 'Mutation.createTenant',
    query: 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { id } }',
    variables: () => ({ input: { name: `tenant ${++count}` } }),
    outcomes: operators,
  },
  {
    field: 'Mutation.createTeam',
    query: 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { id } }',
    variables: () => ({ input: { tenantId, name: `team ${++count}` } }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.createApiKey',
    query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }',
    variables: () => ({ input: { tenantId, name: 'another' } }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.revokeApiKey',
    query: 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }',
    variables: async () => ({ id: (await gateway.createKey(tenantId, 'MEMBER')).id }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.rotateApiKey',
    query: 'mutation ($id: ID!) { rotateApiKey(id: $id) { apiKey { formerExpiresAt } } }',
    variables: async () => ({ id: (await gateway.createKey(tenantId, 'MEMBER')).id }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.setProviderCredential',
    query: 'mutation ($input: ProviderCredentialInput!) { setProviderCredential(input: $input) { id } }',
    variables: () => ({ input: { tenantId, provider: 'own', kind: 'openai', secret: 'sk-of-the-tenant' } }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.removeProviderCredential',
    query: 'mutation ($id: ID!) { removeProviderCredential(id: $id) }',
    variables: async () => ({ id: await createCredential(`provider-${++count}`) }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.updateTenantConfiguration',
    query: `mutation ($tenantId: ID!, $expectedRevision: Int!) {
      updateTenantConfiguration(tenantId: $tenantId, expectedRevision: $expectedRevision,
        document: { tiers: { economy: ["openai/gpt-4.1-mini"] }, plugins: [{ use: "keeping" }] }) { revision } }`,
    variables: async () => {
      const asked = await gateway.ask<{ tenant: { configuration: { revision: number } } }>(
        gateway.operator,
        'query ($id: ID!) { tenant(id: $id) { configuration { revision } } }',
        { id: tenantId },
      );
      return { tenantId, expectedRevision: asked.data.tenant.configuration.revision };
    },
    outcomes: administrators,
  },
  {
    field: 'Mutation.setBudget',
    query: SET_BUDGET,
    variables: () => ({ input: budgetInput() }),
    outcomes: callers,
  },
  {
    field: 'Mutation.setPooledBudget',
    query: 'mutation ($input: SetPooledBudgetInput!) { setPooledBudget(input: $input) { id } }',
    variables: async () => {
      // Not of the team whose calls are made here: no budgets service would lend them anything.
      const teamIds = [(await gateway.createTeam(tenantId, `team ${++count}`)).id];
      return { input: { tenantId, name: 'shared', teamIds, limit: '1', period: 'DAY' } };
    },
    outcomes: administrators,
  },
  {
    field: 'Mutation.deleteBudget',
    query: 'mutation ($id: ID!) { deleteBudget(id: $id) }',
    variables: async () => ({ id: await createBudget() }),
    outcomes: callers,
  },
  {
    field: 'Mutation.grantCredit',
    query: GRANT_CREDIT,
    variables: async () => ({ input: creditInput(await createBudget()) }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.revokeCredit',
    query: 'mutation ($id: ID!) { revokeCredit(id: $id) { id } }',
    variables: async () => ({ id: await idOf(gateway.operator, GRANT_CREDIT, creditInput(await createBudget())) }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.setRateLimit',
    query: SET_RATE_LIMIT,
    variables: () => ({ input: rateLimitInput() }),
    outcomes: callers,
  },
  {
    field: 'Mutation.deleteRateLimit',
    query: 'mutation ($id: ID!) { deleteRateLimit(id: $id) }',
    variables: async () => ({ id: await idOf(secrets.MEMBER, SET_RATE_LIMIT, rateLimitInput()) }),
    outcomes: callers,
  },
  {
    field: 'Mutation.purgeCache',
    query: 'mutation ($tenantId: ID!) { purgeCache(tenantId: $tenantId) { purged } }',
    variables: () => ({ tenantId }),
    outcomes: administrators,
  },
  {
    field: 'Mutation.cacheLookUp',
    query: 'mutation ($input: CacheLookUpInput!) { cacheLookUp(input: $input) { hit } }',
    variables: () => ({ input: { tenantId, teamId, namespace: 'faq', input: 'q' } }),
    outcomes: callers,
  },
  {
    field: 'Mutation.cacheKeep',
    query: 'mutation ($input: CacheKeepInput!) { cacheKeep(input: $input) { id } }',
    variables: () => ({ input: { tenantId, teamId, namespace: 'faq', input: 'q', value: 1 } }),
    outcomes: callers,
  },
  {
    field: 'Subscription.spend',
    query: 'subscription ($tenantId: ID!) { spend(tenantId: $tenantId) { spentToday } }',
    variables: () => ({ tenantId }),
    outcomes: { ...everybody('ok'), STRANGER: 'resource_not_found' },
  },
  {
    field: 'Subscription.completeStream',
    query: 'subscription ($input: CompleteInput!) { completeStream(input: $input) { text } }',
    variables: completeInput,
    outcomes: callers,
  },
];

test('the matrix has every root field of the schema', async () => {
  const { data } = await gateway.ask<IntrospectionQuery>(gateway.operator, getIntrospectionQuery());
  const schema = buildClientSchema(data);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((type) => Object.keys(type!.getFields()).map((field) => `${type!.name}.${field}`));
  expect(CASES.map(({ field }) => field).toSorted()).toEqual(fields.toSorted());
});

describe.each(CASES)('$field', ({ field, query, variables, outcomes }) => {
  test.each(ROLES)('%s', async (caller) => {
    const given = await variables?.();
    const outcome = field.startsWith('Subscription.')
      ? await subscribe(secrets[caller], query, given)
      : await askFor(secrets[caller], query, given);
    expect(outcome).toBe(outcomes[caller]);
  });
});

describe('fields of what is seen', () => {
  const SEEN = `query ($id: ID!) { tenant(id: $id) {
    teams { id apiKeys { id teamId: id } } apiKeys { role } } }`;

  interface Seen {
    readonly tenant: {
      readonly teams: readonly { readonly id: string }[];
      readonly apiKeys: readonly { readonly role: string }[];
    };
  }

  test('a member sees its own team and the keys of it', async () => {
    await gateway.createTeam(tenantId, 'billing');
    const member = await gateway.ask<Seen>(secrets.MEMBER, SEEN, { id: tenantId });
    expect(member.data.tenant.teams.map(({ id }) => id)).toEqual([teamId]);
    expect(member.data.tenant.apiKeys.map(({ role }) => role)).toEqual(['MEMBER']);
    const owner = await gateway.ask<Seen>(secrets.OWNER, SEEN, { id: tenantId });
    expect(owner.data.tenant.teams.length).toBeGreaterThan(1);
    expect(owner.data.tenant.apiKeys.length).toBeGreaterThan(3);
  });

  test('the configuration is denied to members and to viewers of one team', async () => {
    const query = 'query ($id: ID!) { tenant(id: $id) { name configuration { revision } } }';
    const ofTeam = await gateway.createKey(tenantId, 'VIEWER', teamId);
    for (const secret of [secrets.MEMBER, ofTeam.secret]) {
      const { status, data, errors } = await gateway.ask(secret, query, { id: tenantId });
      expect(errors).toMatchObject([{ path: ['tenant', 'configuration'], extensions: { code: 'permission_denied' } }]);
      expect(data).toEqual({ tenant: null });
      expect(status).toBe(200);
    }
    expect(await askFor(secrets.VIEWER, query, { id: tenantId })).toBe('ok');
  });

  test("a member reads its own team's calls only", async () => {
    const query = 'query ($filter: UsageFilter!) { calls(filter: $filter) { edges { node { id } } } }';
    const whole = { filter: { ...filter().filter, teamId: undefined } };
    expect(await askFor(secrets.MEMBER, query, whole)).toBe('permission_denied');
    const other = await gateway.createTeam(tenantId, 'other');
    expect(await askFor(secrets.MEMBER, query, { filter: { ...filter().filter, teamId: other.id } })).toBe(
      'permission_denied',
    );
    const ofAdmin = await gateway.ask<{ complete: { id: string } }>(secrets.ADMIN, COMPLETE, {
      input: { model: 'economy', messages: [{ role: 'user', content: 'of no team' }] },
    });
    const asked = 'query ($id: ID!) { call(id: $id) { id } }';
    expect(await askFor(secrets.MEMBER, asked, { id: ofAdmin.data.complete.id })).toBe('null');
    expect(await askFor(secrets.VIEWER, asked, { id: ofAdmin.data.complete.id })).toBe('ok');
  });

  test('an admin neither makes nor revokes owners', async () => {
    const create = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }';
    const input = { tenantId, name: 'owner', role: 'OWNER' };
    expect(await askFor(secrets.ADMIN, create, { input })).toBe('permission_denied');
    expect(await askFor(secrets.OWNER, create, { input })).toBe('ok');
    const owner = await gateway.createKey(tenantId, 'OWNER');
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }';
    expect(await askFor(secrets.ADMIN, revoke, { id: owner.id })).toBe('permission_denied');
    expect(await askFor(secrets.OWNER, revoke, { id: owner.id })).toBe('ok');
  });

  test('an admin is not given a secret of an owner', async () => {
    const owner = await gateway.createKey(tenantId, 'OWNER');
    const rotate = 'mutation ($id: ID!) { rotateApiKey(id: $id) { secret } }';
    expect(await askFor(secrets.ADMIN, rotate, { id: owner.id })).toBe('permission_denied');
    expect(await askFor(secrets.OWNER, rotate, { id: owner.id })).toBe('ok');
  });
});

async function createCredential(provider: string): Promise<string> {
  const query = 'mutation ($input: ProviderCredentialInput!) { setProviderCredential(input: $input) { id } }';
  const input = { tenantId, provider, kind: 'openai', secret: 'sk-of-the-tenant' };
  const { data } = await gateway.ask<{ setProviderCredential: { id: string } }>(gateway.operator, query, { input });
  return data.setProviderCredential.id;
}

/** Makes something. */
async function idOf(secret: string, query: string, input: object): Promise<string> {
  const { data } = await gateway.ask<Record<string, { readonly id: string }>>(secret, query, { input });
  return Object.values(data)[0]!.id;
}

async function askFor(secret: string, query: string, variables?: Record<string, unknown>): Promise<string> {
  const { data, errors } = await gateway.ask<Record<string, unknown> | null>(secret, query, variables);
  const [error] = errors;
  if (error) return error.extensions.code;
  return Object.values(data ?? {})[0] === null ? 'null' : 'ok';
}

async function subscribe(secret: string, query: string, variables?: Record<string, unknown>): Promise<string> {
  const client = gateway.subscriber({ authorization: `Bearer ${secret}` });
  try {
    for await (const { errors } of client.iterate({ query, variables: variables ?? {} })) {
      // One part tells; some subscriptions have no end.
      return errors ? String(errors[0]?.extensions?.['code']) : 'ok';
    }
    return 'nothing';
  } catch (thrown) {
    const [error] = thrown as readonly { readonly extensions: { readonly code: string } }[];
    return error?.extensions.code ?? String(thrown);
  } finally {
    await client.dispose();
    await delay(0);
  }
}

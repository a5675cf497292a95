import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { GraphqlGateway, type GraphqlAnswer } from '../../../test/graphql-gateway.js';

let gateway: GraphqlGateway;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
});

afterAll(() => gateway[Symbol.asyncDispose]());

const CREATE_TENANT = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
  id name teams { id } apiKeys { id } configuration { revision document updatedBy updatedAt } } }`;
const CREATE_TEAM = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { id name apiKeys { id } } }';
const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  secret apiKey { id name prefix role revokedAt expiresAt lastUsedAt } } }`;
const UPDATE = `mutation ($tenantId: ID!, $document: JSON!, $expectedRevision: Int!) {
  updateTenantConfiguration(tenantId: $tenantId, document: $document, expectedRevision: $expectedRevision) {
    revision document updatedBy } }`;

describe('the life of a tenant', () => {
  test('is made, gets a team and a key, and the key speaks for it', async () => {
    const made = await gateway.ask<{ createTenant: { id: string; name: string; configuration: object } }>(
      gateway.operator,
      CREATE_TENANT,
      { input: { name: '  Ромашка ' } },
    );
    expect(made.errors).toEqual([]);
    const { id: tenantId, ...tenant } = made.data.createTenant;
    expect(tenant).toMatchObject({ name: 'Ромашка', teams: [], apiKeys: [], configuration: { revision: 1 } });

    const team = await gateway.ask<{ createTeam: { id: string } }>(gateway.operator, CREATE_TEAM, {
      input: { tenantId, name: 'search' },
    });
    expect(team.data.createTeam).toMatchObject({ name: 'search', apiKeys: [] });
    const teamId = team.data.createTeam.id;

    const created = await gateway.ask<{ createApiKey: { secret: string; apiKey: { id: string; prefix: string } } }>(
      gateway.operator,
      CREATE_KEY,
      { input: { tenantId, teamId, name: 'production', expiresAt: '2100-01-01T02:00:00+02:00' } },
    );
    const { secret, apiKey } = created.data.createApiKey;
    expect(apiKey).toMatchObject({
      name: 'production',
      role: 'MEMBER',
      expiresAt: '2100-01-01T00:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(secret.startsWith(apiKey.prefix)).toBe(true);

    const viewer = '{ viewer { keyId role tenant { name } team { name apiKeys { id } } } }';
    await expect.poll(async () => (await gateway.post(secret, '{}')).status).not.toBe(401);
    expect((await gateway.ask(secret, viewer)).data).toEqual({
      viewer: {
        keyId: apiKey.id,
        role: 'MEMBER',
        tenant: { name: 'Ромашка' },
        team: { name: 'search', apiKeys: [{ id: apiKey.id }] },
      },
    });
    expect((await gateway.ask(gateway.operator, '{ viewer { role tenant { id } team { id } } }')).data).toEqual({
      viewer: { role: 'OPERATOR', tenant: null, team: null },
    });
  });

  test.each<[string, string, (tenantId: string) => object, string, string | null]>([
    ['a name twice', CREATE_TENANT, () => ({ name: 'once' }), 'name_taken', 'name'],
    ['an empty name', CREATE_TENANT, () => ({ name: ' ' }), 'invalid_request', 'name'],
    [
      'a document with an unknown field',
      CREATE_TENANT,
      () => ({ name: 'x', document: { tires: {} } }),
      'invalid_document',
      'tires',
    ],
    ['a document that is a list', CREATE_TENANT, () => ({ name: 'x', document: [] }), 'invalid_document', ''],
    [
      'a plugin that is not loaded',
      CREATE_TENANT,
      () => ({ name: 'x', document: { plugins: [{ use: 'fragil' }] } }),
      'plugin_not_loaded',
      'plugins[0].use',
    ],
    ['a team of no tenant', CREATE_TEAM, () => ({ tenantId: 'none', name: 'x' }), 'resource_not_found', 'tenantId'],
    [
      'a key for a foreign team',
      CREATE_KEY,
      (tenantId) => ({ tenantId, teamId: tenantId, name: 'x' }),
      'resource_not_found',
      'teamId',
    ],
    [
      'a key that has expired',
      CREATE_KEY,
      (tenantId) => ({ tenantId, name: 'x', expiresAt: '2020-01-01T00:00:00Z' }),
      'invalid_request',
      'expiresAt',
    ],
    [
      'a key for addresses that are none',
      CREATE_KEY,
      (tenantId) => ({ tenantId, name: 'x', allowedAddresses: ['203.0.113.1', 'home'] }),
      'invalid_request',
      'allowedAddresses[1]',
    ],
    [
      'an operator key of a tenant',
      CREATE_KEY,
      (tenantId) => ({ tenantId, name: 'x', role: 'OPERATOR' }),
      'invalid_request',
      'role',
    ],
  ])('%s is refused', async (_what, mutation, input, code, param) => {
    const once = await gateway.createTenant('once').catch(() => null);
    const tenantId = once?.id ?? (await tenantNamed('once'));
    const { errors } = await gateway.ask(gateway.operator, mutation, { input: input(tenantId) });
    expect(errors).toMatchObject([{ extensions: { code, param } }]);
  });

  test('a key is limited to models and addresses, and rotated with an overlap', async () => {
    const { id: tenantId } = await gateway.createTenant('scoped');
    const owner = await gateway.createKey(tenantId, 'OWNER');
    const scopes = { allowedModels: ['openai/*'], allowedAddresses: ['203.0.113.0/24'] };
    const made = await gateway.ask<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      owner.secret,
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
        secret apiKey { id allowedModels allowedAddresses formerExpiresAt } } }`,
      { input: { tenantId, name: 'scoped', role: 'VIEWER', ...scopes } },
    );
    const { secret, apiKey } = made.data.createApiKey;
    expect(apiKey).toMatchObject({ ...scopes, formerExpiresAt: null });
    await expect.poll(async () => (await gateway.ask(secret, '{ viewer { keyId } }')).status).toBe(403);
    const refused = await gateway.ask(secret, '{ viewer { keyId } }');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'permission_denied' } }]);

    const ROTATE = `mutation ($id: ID!, $overlapSeconds: Int!) { rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {
      secret apiKey { id formerExpiresAt } } }`;
    const rotated = await gateway.ask<{ rotateApiKey: { secret: string; apiKey: { formerExpiresAt: string } } }>(
      owner.secret,
      ROTATE,
      { id: owner.id, overlapSeconds: 600 },
    );
    expect(rotated.errors).toEqual([]);
    const { secret: next, apiKey: after } = rotated.data.rotateApiKey;
    expect(Date.parse(after.formerExpiresAt)).toBeGreaterThan(Date.now() + 590_000);
    const VIEWER = '{ viewer { keyId } }';
    await expect.poll(async () => (await gateway.ask(next, VIEWER)).status).toBe(200);
    for (const each of [owner.secret, next])
      expect((await gateway.ask(each, VIEWER)).data).toEqual({ viewer: { keyId: owner.id } });
    const tooLong = await gateway.ask(next, ROTATE, { id: owner.id, overlapSeconds: 3_000_000 });
    expect(tooLong.errors).toMatchObject([{ extensions: { code: 'invalid_request', param: 'overlapSeconds' } }]);
  });

  test('a moment without its offset is no DateTime', async () => {
    const input = { tenantId: 'x', name: 'x', expiresAt: '2100-01-01 00:00' };
    const { status, errors } = await gateway.ask(gateway.operator, CREATE_KEY, { input });
    expect(status).toBe(400);
    expect(errors[0]?.message).toMatch(/RFC 3339/);
  });

  test('JSON that nests without end is refused', async () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body = `{ "query": ${JSON.stringify(CREATE_TENANT)}, "variables": { "input": { "name": "deep", "document": ${nested} } } }`;
    const answer = await gateway.post(gateway.operator, body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/levels deep/);
    const literal = await gateway.ask(
      gateway.operator,
      `mutation { createTenant(input: { name: "deep", document: ${nested} }) { id } }`,
    );
    expect(literal.status).toBe(400);
    expect(literal.errors).toMatchObject([{ extensions: { code: 'query_too_complex' } }]);
  });
});

describe('configuration', () => {
  test('of many writers with one revision exactly one wins', async () => {
    const { id: tenantId } = await gateway.createTenant('contended');
    const owner = await gateway.createKey(tenantId, 'OWNER');
    const write = (model: string) =>
      gateway.ask<{ updateTenantConfiguration: object } | null>(owner.secret, UPDATE, {
        tenantId,
        document: { tiers: { economy: [`openai/${model}`] } },
        expectedRevision: 1,
      });
    const answers = await Promise.all(['gpt-4.1', 'gpt-4.1-mini', 'gpt-4o', 'gpt-4o-mini'].map(write));
    const won = answers.filter(({ errors }) => errors.length === 0);
    expect(won).toHaveLength(1);
    expect(won[0]?.data).toMatchObject({ updateTenantConfiguration: { revision: 2, updatedBy: owner.id } });
    for (const { errors } of answers.filter((answer) => answer !== won[0]))
      expect(errors).toMatchObject([
        { extensions: { code: 'revision_conflict', status: 409, param: 'expectedRevision' } },
      ]);
    const read = await gateway.ask<{ tenant: object }>(
      owner.secret,
      'query ($id: ID!) { tenant(id: $id) { configuration { revision document } } }',
      { id: tenantId },
    );
    expect(won[0]?.data?.updateTenantConfiguration).toMatchObject(
      (read.data.tenant as { configuration: object }).configuration,
    );
  });
});

describe('tenants', () => {
  const PAGE = `query ($first: Int, $after: String) { tenants(first: $first, after: $after) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

  interface Page {
    readonly tenants: {
      readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  }

  test('page by cursor, each one once', async () => {
    for (let n = 0; n < 5; n++) await gateway.createTenant(`page ${n}`);
    const { data: whole } = await gateway.ask<Page>(gateway.operator, PAGE, { first: 100 });
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { data }: GraphqlAnswer<Page> = await gateway.ask(gateway.operator, PAGE, { first: 2, after });
      seen.push(...data.tenants.edges.map(({ node }) => node.id));
      if (!data.tenants.pageInfo.hasNextPage) break;
      after = data.tenants.pageInfo.endCursor;
    }
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen).toEqual(whole.tenants.edges.map(({ node }) => node.id));
  });

  test.each([{ first: 0 }, { first: -1 }, { first: 1_001 }, { first: 1, after: 'nonsense' }])(
    '%j is refused',
    async (page) => {
      const { errors } = await gateway.ask(gateway.operator, PAGE, page);
      expect(errors).toMatchObject([{ extensions: { code: 'invalid_request' } }]);
    },
  );

  test('as many as there are cost one query of each kind', async () => {
    for (let n = 0; n < 8; n++) {
      const { id } = await gateway.createTenant(`many ${n}`);
      const team = await gateway.createTeam(id, 'team');
      await gateway.createKey(id, 'MEMBER', team.id);
    }
    const statements = countStatements();
    const query = `{ tenants(first: 30) { nodes {
      name teams { name apiKeys { name } } apiKeys { name } configuration { revision } } } }`;
    const { data, errors } = await gateway.ask<{ tenants: { nodes: readonly object[] } }>(gateway.operator, query);
    expect(errors).toEqual([]);
    expect(data.tenants.nodes.length).toBeGreaterThanOrEqual(8);
    expect(statements.of(/FROM "tenant" /)).toBe(1);
    expect(statements.of(/FROM "team" /)).toBe(1);
    expect(statements.of(/FROM "api_key" /)).toBe(1);
    expect(statements.of(/FROM "tenant_configuration" /)).toBe(1);
    statements.stop();
  });
});

/** Counts what the gateway's pool sends to the database. */
function countStatements() {
  const { driver } = gateway.core.dataSource;
  const sent: string[] = [];
  const createQueryRunner = driver.createQueryRunner.bind(driver);
  const spy = vi.spyOn(driver, 'createQueryRunner').mockImplementation((mode) => {
    const runner = createQueryRunner(mode);
    const query = runner.query.bind(runner);
    runner.query = (...args: Parameters<typeof query>) => {
      sent.push(args[0]);
      return query(...args);
    };
    return runner;
  });
  return {
    of: (pattern: RegExp) => sent.filter((statement) => pattern.test(statement)).length,
    stop: () => spy.mockRestore(),
  };
}

async function tenantNamed(name: string): Promise<string> {
  const { data } = await gateway.ask<{ tenants: { nodes: readonly { id: string; name: string }[] } }>(
    gateway.operator,
    '{ tenants(first: 100) { nodes { id name } } }',
  );
  const found = data.tenants.nodes.find((tenant) => tenant.name === name);
  if (!found) throw new Error(`there is no tenant ${name}`);
  return found.id;
}

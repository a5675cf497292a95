import { openCredential, type MasterKeys } from '@parsimony/tenancy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { letTenantsBringCredentials } from '../../../test/let-tenants-bring-credentials.js';

const SECRET = 'sk-секрет-of-the-tenant-0123';
const SET = `mutation ($input: ProviderCredentialInput!) { setProviderCredential(input: $input) {
  id teamId provider kind baseUrl settings hint createdAt changedAt changedBy } }`;
const LIST = 'query ($tenantId: ID!) { providerCredentials(tenantId: $tenantId) { id provider hint } }';

interface CredentialSet {
  readonly setProviderCredential: { readonly id: string; readonly hint: string };
}

let gateway: GraphqlGateway;
let masterKeys: MasterKeys;
let tenantId: string;
let owner: { readonly id: string; readonly secret: string };

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  owner = await gateway.createKey(tenantId, 'OWNER');
});
afterAll(() => gateway[Symbol.asyncDispose]());

const input = (more: object = {}) => ({
  input: { tenantId, provider: 'openai', kind: 'openai', secret: SECRET, ...more },
});

test('none is taken without a master key', async () => {
  const { errors } = await gateway.ask(owner.secret, SET, input());
  expect(errors).toMatchObject([{ extensions: { code: 'master_key_unavailable', status: 503 } }]);
  masterKeys = await letTenantsBringCredentials(gateway.core);
});

test('is set, replaced, listed and removed, and its secret shown to nobody', async () => {
  const first = await gateway.ask<CredentialSet>(owner.secret, SET, input({ baseUrl: 'https://llm.example.com/v1' }));
  expect(first.errors).toEqual([]);
  expect(first.data.setProviderCredential).toMatchObject({
    ...{ teamId: null, provider: 'openai', kind: 'openai', baseUrl: 'https://llm.example.com/v1', settings: {} },
    ...{ hint: '0123', changedBy: owner.id },
  });
  const second = await gateway.ask<CredentialSet>(owner.secret, SET, input({ settings: { region: 'eu' } }));
  const { id } = second.data.setProviderCredential;
  expect(id).toBe(first.data.setProviderCredential.id);
  const listed = await gateway.ask(owner.secret, LIST, { tenantId });
  expect(listed.data).toEqual({ providerCredentials: [{ id, provider: 'openai', hint: '0123' }] });
  expect(JSON.stringify([first, second, listed])).not.toContain('секрет');

  const view = () => gateway.core.directory.tenant(tenantId);
  await expect.poll(() => view()?.credentials[0]?.settings).toEqual({ region: 'eu' });
  const [stored] = view()?.credentials ?? [];
  expect(JSON.parse(openCredential(stored!, masterKeys).reveal())).toEqual({ apiKey: SECRET });

  const remove = 'mutation ($id: ID!) { removeProviderCredential(id: $id) }';
  expect((await gateway.ask(owner.secret, remove, { id })).data).toEqual({ removeProviderCredential: id });
  await expect.poll(() => view()?.credentials).toEqual([]);
  const again = await gateway.ask(owner.secret, remove, { id });
  expect(again.errors).toMatchObject([{ extensions: { code: 'resource_not_found', param: 'id' } }]);
});

test.each([
  ['a URL inside', { baseUrl: 'http://127.0.0.1:5432' }, 'address_not_allowed', 'baseUrl'],
  ['a secret that is none', { secret: 7 }, 'invalid_request', 'secret'],
  ['a foreign team', { teamId: '01990000-0000-7000-8000-000000000001' }, 'resource_not_found', 'teamId'],
])('%s is refused', async (_, more, code, param) => {
  const { errors } = await gateway.ask(owner.secret, SET, input(more));
  expect(errors).toMatchObject([{ extensions: { code, param } }]);
});

import { ERROR_CLASSES, ProviderRefused } from '@parsimony/contract';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { showErrors } from './graphql-errors.js';

describe('what callers see of an error', () => {
  test('code, status and field of every error of the contract', () => {
    for (const Class of ERROR_CLASSES) {
      const error = new Class('what is wrong', { param: 'field' });
      const { errors, status } = showErrors([new GraphQLError('x', { originalError: error })], () => undefined);
      const { code } = error;
      expect(errors).toEqual([
        { message: 'what is wrong', extensions: { code, status: error.status, param: 'field' } },
      ]);
      expect(status).toBe(error.status);
    }
  });

  test('nothing of the inside of a defect, of which the gateway learns', () => {
    const onFault = vi.fn();
    const defect = new TypeError('secret psk_123 at /srv/gateway');
    const { errors, status } = showErrors([new GraphQLError(defect.message, { originalError: defect })], onFault);
    expect(errors).toEqual([
      { message: 'internal error', extensions: { code: 'internal_error', status: 500, param: null } },
    ]);
    expect(status).toBe(500);
    expect(onFault).toHaveBeenCalledWith(defect);
  });

  test('the place of the field', () => {
    const error = new GraphQLError('x', { path: ['tenants', 3], originalError: new ProviderRefused('no') });
    expect(showErrors([error], () => undefined).errors[0]).toMatchObject({ path: ['tenants', 3] });
  });
});

describe('over HTTP', () => {
  let gateway: GraphqlGateway;
  let key: string;

  beforeAll(async () => {
    gateway = await GraphqlGateway.start();
    key = (await gateway.createKey((await gateway.createTenant('acme')).id, 'OWNER')).secret;
  });

  afterAll(() => gateway[Symbol.asyncDispose]());

  const body = JSON.stringify({ query: '{ viewer { role } }' });

  test.each([
    ['no key', null],
    ['an unknown key', 'psk_unknown'],
  ])('%s: 401', async (_what, secret) => {
    const answer = await gateway.post(secret, body);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'invalid_api_key' } }] });
  });

  test('a key is asked for before the body is read', async () => {
    const answer = await gateway.post(null, 'x'.repeat(4 << 20)).catch(() => null);
    expect(answer === null || answer.status === 401).toBe(true);
  });

  test('a revoked key: 401', async () => {
    const revoked = await gateway.createKey((await gateway.createTenant('short-lived')).id, 'OWNER');
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }';
    expect((await gateway.ask(gateway.operator, revoke, { id: revoked.id })).errors).toEqual([]);
    await expect.poll(async () => (await gateway.post(revoked.secret, body)).status).toBe(401);
  });

  test.each([
    ['a body that is not JSON', '{"query":', 400, 'invalid_json'],
    ['a syntax error', JSON.stringify({ query: '{ viewer' }), 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'a document as a tree',
      JSON.stringify({ query: '{"kind":"Document","definitions":[]}' }),
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['an unknown field', JSON.stringify({ query: '{ viewer { nothing } }' }), 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a missing variable',
      JSON.stringify({ query: 'query ($id: ID!) { tenant(id: $id) { id } }' }),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no query', '{}', 400, 'invalid_request'],
    ['a batch', `[${body},${body}]`, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'more than a megabyte',
      JSON.stringify({ query: '{ viewer { role } }', x: 'x'.repeat(1 << 20) }),
      413,
      'request_too_large',
    ],
    [
      'a subscription',
      JSON.stringify({ query: 'subscription { completeStream(input: { messages: [] }) { text } }' }),
      400,
      'invalid_request',
    ],
  ])('%s', async (_what, sent, status, code) => {
    for (let time = 0; time < 3; time++) {
      const answer = await gateway.post(key, sent);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(answer.status).toBe(status);
    }
  });

  test('errors of fields come with 200 and the data that there is', async () => {
    const asked = await gateway.ask(key, '{ viewer { role } tenants { edges { cursor } } }');
    expect(asked).toMatchObject({
      status: 200,
      errors: [{ path: ['tenants'], extensions: { code: 'permission_denied', status: 403 } }],
    });
  });

  test('of a document with several operations, the one that is named runs, every time', async () => {
    const document = 'query Role { viewer { role } } query Key { viewer { keyId } }';
    for (const name of ['Role', 'Role', 'Role', 'Key', 'Role']) {
      const { data } = await gateway.ask<{ viewer: object }>(key, document, {}, name);
      expect(Object.keys(data.viewer)).toEqual([name === 'Role' ? 'role' : 'keyId']);
    }
  });

  test('a GET may query, and may not change', async () => {
    const get = (query: string) =>
      fetch(`${gateway.gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { authorization: `Bearer ${key}` },
      });
    expect(await (await get('{ viewer { role } }')).json()).toEqual({ data: { viewer: { role: 'OWNER' } } });
    const changing = await get('mutation { revokeApiKey(id: "x") { id } }');
    expect(changing.status).toBeGreaterThanOrEqual(400);
    expect(await changing.json()).toMatchObject({ data: null, errors: [{}] });
  });
});

import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JwtSignIn } from '@parsimony/tenancy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';

const AUDIENCE = 'parsimony';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let gateway: GraphqlGateway;
let issuer: Server;
let url: string;
let tenantId: string;

beforeAll(async () => {
  issuer = createServer((request, response) => {
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'spec', alg: 'RS256', use: 'sig' }];
    const discovery = { issuer: url, jwks_uri: `${url}/jwks` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : discovery));
  });
  issuer.listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  gateway = await GraphqlGateway.start();
  Object.assign(gateway.core, { signIn: new JwtSignIn({ issuer: url, audience: AUDIENCE }) });
  tenantId = (await gateway.createTenant('acme')).id;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  issuer.closeAllConnections();
  issuer.close();
});

function token(claims: object = {}): string {
  const payload = {
    ...{ iss: url, aud: AUDIENCE, sub: 'алиса', exp: Math.floor(Date.now() / 1_000) + 60 },
    ...{ parsimony_tenant: tenantId, parsimony_role: 'ADMIN' },
    ...claims,
  };
  const parts = [{ alg: 'RS256', kid: 'spec' }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

test('a person who has signed in administers its tenant, and the log names the person', async () => {
  const bearer = token();
  const viewer = await gateway.ask(bearer, '{ viewer { role subject tenant { name } } }');
  expect(viewer.data).toEqual({ viewer: { role: 'ADMIN', subject: 'алиса', tenant: { name: 'acme' } } });
  const create = 'mutation ($tenantId: ID!) { createTeam(input: { tenantId: $tenantId, name: "search" }) { id } }';
  expect((await gateway.ask(bearer, create, { tenantId })).errors).toEqual([]);
  const log = await gateway.ask<{ auditEvents: { nodes: readonly object[] } }>(
    bearer,
    '{ auditEvents(first: 1) { nodes { action actorKind actorId actorRole } } }',
  );
  expect(log.data.auditEvents.nodes).toEqual([
    { action: 'team.create', actorKind: 'person', actorId: 'алиса', actorRole: 'ADMIN' },
  ]);
  const other = await gateway.createTenant('other');
  expect((await gateway.ask(bearer, create, { tenantId: other.id })).errors).toMatchObject([
    { extensions: { code: 'resource_not_found' } },
  ]);
});

test('a token that does not hold is refused before anything is read', async () => {
  for (const bearer of [token({ exp: 1 }), token({ aud: 'else' }), token({ parsimony_role: 'OPERATOR' })]) {
    const { status, errors } = await gateway.ask(bearer, '{ viewer { role } }');
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'invalid_token' } }]);
  }
});

test('a token is no key: it makes no calls on /v1', async () => {
  const answer = await fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'economy', messages: [{ role: 'user', content: 'hello' }] }),
  });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidToken } from '@parsimony/contract';
import { base64url, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, OidcIssuer } from '../../test/oidc-issuer.js';
import { JwtSignIn } from './jwt-sign-in.js';

const TENANT = '01990000-0000-7000-8000-00000000000a';
const TEAM = '01990000-0000-7000-8000-00000000000b';
const CLAIMS = { parsimony_tenant: TENANT, parsimony_role: 'ADMIN' };

let issuer: OidcIssuer;
let signIn: JwtSignIn;
beforeAll(async () => {
  issuer = await OidcIssuer.start();
  signIn = new JwtSignIn({ issuer: issuer.url, audience: AUDIENCE });
});
afterAll(() => issuer[Symbol.asyncDispose]());

const now = (): number => Math.floor(Date.now() / 1_000);
async function refusal(token: string, by = signIn): Promise<InvalidToken> {
  const outcome: unknown = await by.authenticate(token).catch((error: unknown) => error);
  if (!(outcome instanceof InvalidToken)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  expect(outcome.message).not.toContain(token);
  return outcome;
}

describe('a token of the issuer', () => {
  it('says who somebody is, the same one each time', async () => {
    const token = await issuer.token({ ...CLAIMS, parsimony_team: TEAM });
    expect(JwtSignIn.isToken(token)).toBe(true);
    const principal = await signIn.authenticate(token);
    expect(principal).toEqual({
      ...{ keyId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/) },
      ...{ tenantId: TENANT, teamId: TEAM, role: 'ADMIN', scopes: null, subject: 'alice' },
      expiresAt: expect.any(Number),
    });
    expect(principal.expiresAt).toBeGreaterThan(Date.now());
    const again = await signIn.authenticate(await issuer.token(CLAIMS));
    expect(again).toMatchObject({ keyId: principal.keyId, teamId: null });
  });

  it('is proved by keys that are fetched once', async () => {
    const before = issuer.keyRequests;
    const fresh = new JwtSignIn({ issuer: issuer.url, audience: AUDIENCE });
    const token = await issuer.token(CLAIMS);
    await Promise.all(Array.from({ length: 10 }, () => fresh.authenticate(token)));
    expect(issuer.keyRequests).toBe(before + 1);
    // Tokens that name keys nobody has must not make the gateway ask for each of them.
    const unknown = await issuer.sign({ ...CLAIMS, exp: now() + 60 }, { kid: 'nobody' });
    for (let count = 0; count < 5; count += 1)
      expect((await refusal(unknown, fresh)).message).toMatch(/none of the keys/);
    expect(issuer.keyRequests).toBe(before + 1);
  });

  it.each<[string, JWTPayload, RegExp]>([
    ['expired', { exp: now() - 60 }, /expired/],
    ['not good yet', { exp: now() + 60, nbf: now() + 60 }, /nbf/],
    ['for somebody else', { exp: now() + 60, aud: 'https://else.example' }, /aud/],
    ['by somebody else', { exp: now() + 60, iss: 'https://else.example' }, /iss/],
    ['without an end', {}, /exp/],
    ['of a role that means nothing', { exp: now() + 60, parsimony_role: 'KING' }, /parsimony_role/],
    ['of a role of the prototype', { exp: now() + 60, parsimony_role: 'constructor' }, /parsimony_role/],
    ['that would be an operator', { exp: now() + 60, parsimony_role: 'OPERATOR' }, /parsimony_role/],
    ['of no tenant', { exp: now() + 60, parsimony_tenant: undefined }, /parsimony_tenant/],
    ['of a tenant that can be none', { exp: now() + 60, parsimony_tenant: 'acme' }, /parsimony_tenant/],
    ['of a team that can be none', { exp: now() + 60, parsimony_team: 7 }, /parsimony_team/],
    ['of nobody', { exp: now() + 60, sub: '' }, /subject/],
  ])('is refused where it is %s', async (_, claims, message) => {
    expect((await refusal(await issuer.sign({ ...CLAIMS, ...claims }))).message).toMatch(message);
  });

  it('may be late by the tolerance and no more', async () => {
    const late = await issuer.sign({ ...CLAIMS, exp: now() - 20 });
    const patient = new JwtSignIn({ issuer: issuer.url, audience: AUDIENCE, clockToleranceSeconds: 30 });
    expect((await patient.authenticate(late)).tenantId).toBe(TENANT);
    await refusal(late);
  });
});

describe('a token that nobody should take', () => {
  const good = (): JWTPayload => ({ ...CLAIMS, iss: issuer.url, aud: AUDIENCE, sub: 'alice', exp: now() + 60 });

  it('is refused where it is signed by nobody, by a shared secret or by another key', async () => {
    const secret = new TextEncoder().encode('a shared secret of thirty-two bytes');
    const { privateKey } = await generateKeyPair('RS256');
    const [none, shared, foreign] = [
      new UnsecuredJWT(good()).encode(),
      await new SignJWT(good()).setProtectedHeader({ alg: 'HS256', kid: 'spec' }).sign(secret),
      await new SignJWT(good()).setProtectedHeader({ alg: 'RS256', kid: 'spec' }).sign(privateKey),
    ];
    for (const token of [none, shared, foreign]) await refusal(token);
  });

  it.each(['psk_key', 'eyJ', 'eyJ.eyJ.x', `eyJ${'a'.repeat(20_000)}.a.a`])('is refused: %s', async (token) => {
    await refusal(token);
  });

  it('is refused where its claims were changed', async () => {
    const [head, , signature] = (await issuer.sign({ ...CLAIMS, exp: now() + 60 })).split('.');
    const body = base64url.encode(JSON.stringify({ ...good(), parsimony_role: 'OWNER' }));
    await refusal(`${head}.${body}.${signature}`);
  });
});

describe('claims', () => {
  it('are found under the names of a deployment, nested ones and lists too; the mightiest role counts', async () => {
    const keycloak = new JwtSignIn({
      issuer: issuer.url,
      audience: AUDIENCE,
      tenantClaim: 'https://acme.example/tenant',
      roleClaim: 'realm_access.roles',
      roles: { 'llm-admins': 'ADMIN', readers: 'VIEWER' },
    });
    const token = await issuer.token({
      'https://acme.example/tenant': TENANT.toUpperCase(),
      realm_access: { roles: ['offline', 'readers', 'llm-admins'] },
    });
    expect(await keycloak.authenticate(token)).toMatchObject({ tenantId: TENANT, role: 'ADMIN' });
  });

  it('make an operator only where the deployment says which', async () => {
    const roles = { ops: 'OPERATOR' } as const;
    const operators = new JwtSignIn({ issuer: issuer.url, audience: AUDIENCE, roles });
    const token = await issuer.token({ ...CLAIMS, parsimony_role: 'ops', parsimony_team: TEAM });
    expect(await operators.authenticate(token)).toMatchObject({ role: 'OPERATOR', tenantId: null, teamId: null });
  });
});

describe('an issuer', () => {
  it('must have an https URL, but on this machine', () => {
    expect(() => new JwtSignIn({ issuer: 'http://login.example.com', audience: AUDIENCE })).toThrow(TypeError);
    expect(() => new JwtSignIn({ issuer: 'nonsense', audience: AUDIENCE })).toThrow(TypeError);
  });

  it('that does not answer, or calls itself otherwise, is not believed, and is left alone for a while', async () => {
    let asked = 0;
    const impostor = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }));
    });
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
    const fooled = new JwtSignIn({ issuer: url, audience: AUDIENCE });
    const token = await issuer.sign({ ...CLAIMS, iss: url, exp: now() + 60 });
    for (let count = 0; count < 5; count += 1)
      expect((await refusal(token, fooled)).message).toMatch(/issuer does not answer/);
    expect(asked).toBe(1);
    impostor.closeAllConnections();
    impostor.close();
    const nobody = new JwtSignIn({ issuer: 'http://127.0.0.1:1', audience: AUDIENCE });
    expect((await refusal(token, nobody)).message).toMatch(/issuer does not answer/);
  });
});

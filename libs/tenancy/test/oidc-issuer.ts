import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import Provider from 'oidc-provider';

export const AUDIENCE = 'https://parsimony.example';
const KEY_ID = 'spec';

/** A real OpenID provider on this machine, which gives access tokens with whatever claims a spec wants. */
export class OidcIssuer implements AsyncDisposable {
  claims: JWTPayload = {};
  /** How often somebody asked for its keys. */
  keyRequests = 0;
  private handler: RequestListener = () => undefined;
  private readonly server: Server;
  private key: CryptoKey | undefined;

  private constructor() {
    this.server = createServer((request, response) => {
      if (request.url === '/jwks') this.keyRequests += 1;
      this.handler(request, response);
    });
  }

  static async start(): Promise<OidcIssuer> {
    const issuer = new OidcIssuer();
    issuer.server.listen(0, '127.0.0.1');
    await once(issuer.server, 'listening');
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    issuer.key = privateKey;
    issuer.serve({ ...(await exportJWK(privateKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' });
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** An access token as a client gets it from the token endpoint. */
  async token(claims: JWTPayload): Promise<string> {
    this.claims = claims;
    const answer = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('alice:alice-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE }),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`the issuer gave no token: ${answer.status}`);
    return token;
  }

  /** A token by the issuer's own key that its endpoint would never give. */
  sign(payload: JWTPayload, header: { readonly kid?: string } = {}): Promise<string> {
    if (!this.key) throw new Error('no key');
    return new SignJWT({ iss: this.url, aud: AUDIENCE, sub: 'alice', ...payload })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, ...header })
      .sign(this.key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(key: JWK): void {
    const provider = new Provider(this.url, {
      clients: [
        {
          ...{ client_id: 'alice', client_secret: 'alice-secret', redirect_uris: [], response_types: [] },
          grant_types: ['client_credentials'],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['spec'] },
      extraTokenClaims: () => this.claims,
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({ audience: AUDIENCE, scope: '', accessTokenFormat: 'jwt' }),
        },
      },
    });
    this.handler = provider.callback();
  }
}

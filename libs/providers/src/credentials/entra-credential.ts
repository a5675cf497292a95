import { InvalidRequest, isParsimonyError, ProviderRefused, ProviderUnreachable } from '@parsimony/contract';
import {
  allowInsecureRequests,
  ClientSecretPost,
  clientCredentialsGrant,
  Configuration,
  customFetch,
  ResponseBodyError,
  type TokenEndpointResponse,
} from 'openid-client';
import { fetch, type RequestInit } from 'undici';
import type { EntraClient } from '../config/provider-config.js';
import type { ConnectionPools } from '../http/connection-pools.js';
import type { Credential } from './credential.js';

const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com';
const SCOPE = 'https://cognitiveservices.azure.com/.default';
/** What OAuth leaves open is an hour at Entra (RFC 6749, section 5.1: `expires_in` is only recommended). */
const DEFAULT_LIFE_SECONDS = 3600;
/** A server that is down or refuses is not asked again by every call. */
const REST_AFTER_FAILURE_MS = 1000;
const TIMEOUTS = { connectMs: 10_000, firstByteMs: 30_000, betweenBytesMs: 30_000 };

interface Token {
  readonly lines: readonly string[];
  /** From then on it is renewed beside the calls; milliseconds since the Unix epoch. */
  readonly renewAt: number;
  /** From then on it is not sent any more: it could expire on its way. */
  readonly endsAt: number;
}

export interface EntraCredentialOptions {
  readonly provider: string;
  readonly client: EntraClient;
  readonly pools: ConnectionPools;
  readonly trusted: boolean;
}

/** Tokens of Microsoft Entra ID, kept until shortly before they expire. One request for a token at a time. */
export class EntraCredential implements Credential {
  readonly #configuration: Configuration;
  #token: Token | undefined;
  #renewal: Promise<readonly string[]> | undefined;
  #failure: { readonly error: Error; readonly until: number } | undefined;

  /** @throws InvalidRequest where the authority is no URL. */
  constructor(private readonly options: EntraCredentialOptions) {
    const { client, pools, trusted } = options;
    const authority = (client.authority ?? DEFAULT_AUTHORITY).replace(/\/+$/, '');
    const endpoint = URL.parse(`${authority}/${encodeURIComponent(client.tenantId)}/oauth2/v2.0/token`);
    if (!endpoint) throw new InvalidRequest('the authority is not a URL', { param: 'credential.authority' });
    this.#configuration = new Configuration(
      { issuer: authority, token_endpoint: endpoint.href },
      client.clientId,
      undefined,
      ClientSecretPost(client.clientSecret),
    );
    // A secret over plain HTTP is for the deployment's own machine to decide.
    if (trusted) allowInsecureRequests(this.#configuration);
    // The same guard that stands before providers: a tenant sets this address too.
    this.#configuration[customFetch] = (url, init) =>
      fetch(url, {
        ...(init as RequestInit),
        dispatcher: pools.open(endpoint.origin, { connections: 2, timeouts: TIMEOUTS, trusted }),
      });
  }

  headers(): readonly string[] | undefined {
    const token = this.#token;
    if (!token) return undefined;
    const now = Date.now();
    if (now >= token.endsAt) return undefined;
    // Where it fails a later call tries again, and the token that is there serves until its end.
    if (now >= token.renewAt) this.obtain().catch(() => undefined);
    return token.lines;
  }

  obtain(): Promise<readonly string[]> {
    const failure = this.#failure;
    if (failure && Date.now() < failure.until) return Promise.reject(failure.error);
    this.#renewal ??= this.#renew();
    return this.#renewal;
  }

  async #renew(): Promise<readonly string[]> {
    try {
      const token = await this.#request();
      this.#token = token;
      return token.lines;
    } catch (error) {
      this.#failure = { error: error as Error, until: Date.now() + REST_AFTER_FAILURE_MS };
      throw error;
    } finally {
      this.#renewal = undefined;
    }
  }

  async #request(): Promise<Token> {
    const { provider } = this.options;
    const askedAt = Date.now();
    let response: TokenEndpointResponse;
    try {
      response = await clientCredentialsGrant(this.#configuration, { scope: SCOPE });
    } catch (error) {
      if (error instanceof ResponseBodyError && error.status < 429)
        throw new ProviderRefused(`Entra ID refuses the credential for ${provider} (${error.error})`);
      throw guardsWord(error) ?? new ProviderUnreachable(`Entra ID gives no token for ${provider}`, { cause: error });
    }
    const lifeMs = (response.expires_in ?? DEFAULT_LIFE_SECONDS) * 1000;
    const lines = ['authorization', `Bearer ${response.access_token}`];
    return { lines, renewAt: askedAt + lifeMs * 0.8, endsAt: askedAt + lifeMs * 0.95 };
  }
}

/** What the address guard said, which stands below the errors of fetch. */
function guardsWord(error: unknown): Error | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) if (isParsimonyError(each)) return each;
  return undefined;
}

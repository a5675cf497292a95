import { createRemoteJWKSet } from 'jose';
import type { RemoteJWKSet } from 'jose';
import { z } from 'zod';

const PATIENCE_MS = 5_000;
/** After a failure, how long the issuer is left alone. */
const COOL_DOWN_MS = 10_000;
const LARGEST_BYTES = 256 * 1024;

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The issuer could not be asked for its keys, or did not answer as one. */
export class IssuerUnavailable extends Error {}

/** The keys of an issuer, found by OpenID Connect Discovery 1.0, fetched when they are first needed and kept. */
export class IssuerKeys {
  private keys: Promise<RemoteJWKSet> | undefined;
  private failedAt = -Infinity;

  constructor(private readonly issuer: string) {}

  /** @throws IssuerUnavailable */
  get(): Promise<RemoteJWKSet> {
    if (!this.keys && performance.now() - this.failedAt < COOL_DOWN_MS)
      return Promise.reject(new IssuerUnavailable('the issuer did not answer a moment ago'));
    this.keys ??= this.discover().catch((error: unknown) => {
      this.keys = undefined;
      this.failedAt = performance.now();
      throw new IssuerUnavailable('the issuer does not tell its keys', { cause: error });
    });
    return this.keys;
  }

  private async discover(): Promise<RemoteJWKSet> {
    const answer = await fetch(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`discovery answered with status ${answer.status}`);
    const text = await answer.text();
    if (text.length > LARGEST_BYTES) throw new Error('discovery answered with too much');
    const { issuer, jwks_uri: address } = metadata.parse(JSON.parse(text));
    // Else one issuer of a shared host could speak for another (OpenID Connect Discovery 1.0, 4.3).
    if (issuer !== this.issuer) throw new Error(`the issuer calls itself ${issuer}`);
    if (isSecure(this.issuer) && !isSecure(address)) throw new Error('the keys of the issuer are not on https');
    return createRemoteJWKSet(new URL(address), { timeoutDuration: PATIENCE_MS, cooldownDuration: COOL_DOWN_MS });
  }
}

function isSecure(url: string): boolean {
  return url.startsWith('https:');
}

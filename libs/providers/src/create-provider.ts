import { InvalidRequest } from '@parsimony/contract';
import type { ProviderConfig } from './config/provider-config.js';
import { FixedCredential, type Credential } from './credentials/credential.js';
import { EntraCredential } from './credentials/entra-credential.js';
import { dialectOf } from './dialects/dialect-of.js';
import type { Dialect } from './dialects/dialect.js';
import type { ConnectionPools } from './http/connection-pools.js';
import { HttpProvider } from './http/http-provider.js';
import type { ProviderAdapter } from './provider-adapter.js';

const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Makes a provider that can be called. It opens no socket before its first call, so that it also serves to check what
 * somebody wants to store.
 *
 * @param pools the process's; they must outlive the provider.
 * @throws InvalidRequest whose `param` names what is missing or does not fit the kind.
 */
export function createProvider(config: ProviderConfig, pools: ConnectionPools): ProviderAdapter {
  const { name, kind, settings, trusted } = config;
  const dialect = dialectOf(kind, settings);
  const url = baseUrlOf(config, dialect);
  const { connections, timeouts } = settings;
  return new HttpProvider({
    name,
    kind,
    dialect,
    basePath: url.pathname.replace(/\/+$/, '').replace(dialect.impliedSuffix ?? /$/, ''),
    credential: credentialOf(config, dialect, pools),
    trusted,
    openPool: () => pools.open(url.origin, { connections, timeouts, trusted }),
  });
}

function baseUrlOf({ kind, baseUrl }: ProviderConfig, { defaultBaseUrl }: Dialect): URL {
  const text = baseUrl ?? defaultBaseUrl;
  if (text === undefined) throw new InvalidRequest(`baseUrl is needed for ${kind}`, { param: 'baseUrl' });
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new InvalidRequest('baseUrl must be a URL that begins with https:// or http://', { param: 'baseUrl' });
}

function credentialOf(config: ProviderConfig, { keyHeader }: Dialect, pools: ConnectionPools): Credential {
  const { name, kind, credential, trusted } = config;
  switch (credential.type) {
    case 'none':
      return new FixedCredential([]);
    case 'key':
      // A line break would end the header line, and the call with an error that nobody understands.
      if (!PRINTABLE.test(credential.key))
        throw new InvalidRequest('the key holds what no header line can', { param: 'credential.key' });
      return new FixedCredential([
        keyHeader,
        keyHeader === 'authorization' ? `Bearer ${credential.key}` : credential.key,
      ]);
    case 'entra':
      if (kind !== 'azure') throw new InvalidRequest('only azure takes Entra clients', { param: 'credential.type' });
      return new EntraCredential({ provider: name, client: credential, pools, trusted });
  }
}

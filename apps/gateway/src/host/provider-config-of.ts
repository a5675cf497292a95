import { InvalidRequest } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import {
  parseProviderSettings,
  PROVIDER_KINDS,
  type ProviderConfig,
  type ProviderCredential,
  type ProviderKind,
} from '@parsimony/providers';
import { openCredential, type MasterKeys, type ProviderSecret, type StoredCredential } from '@parsimony/tenancy';

/** Whom a tenant's Entra client may be known to (Microsoft, "National clouds: Microsoft Entra authentication endpoints"). */
const AUTHORITIES = [
  'https://login.microsoftonline.com',
  'https://login.microsoftonline.us',
  'https://login.partner.microsoftonline.cn',
];

/** Kinds whose providers stand at an address of their own. */
const WITHOUT_ADDRESS: ReadonlySet<ProviderKind> = new Set(['azure', 'compatible']);

/** @throws InvalidRequest */
export function parseKind(kind: string): ProviderKind {
  const known = PROVIDER_KINDS.find((each) => each === kind);
  if (!known) throw new InvalidRequest(`kind must be one of ${PROVIDER_KINDS.join(', ')}`, { param: 'kind' });
  return known;
}

/**
 * Proves what a tenant says of a provider of its own.
 *
 * @throws InvalidRequest that names the field.
 */
export function parseTenantSettings(
  kind: string,
  settings: JsonObject,
  secret: ProviderSecret,
  baseUrl: string | null,
): JsonObject {
  const known = parseKind(kind);
  if (baseUrl === null && WITHOUT_ADDRESS.has(known))
    throw new InvalidRequest(`a provider of kind ${known} needs a baseUrl`, { param: 'baseUrl' });
  credentialOf(known, secret);
  try {
    return parseProviderSettings(known, settings) as JsonObject;
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    throw new InvalidRequest(`settings.${error.message}`, { param: `settings.${error.param}`, cause: error });
  }
}

/** @throws MasterKeyUnavailable, InvalidRequest */
export function providerConfigOf(stored: StoredCredential, masterKeys: MasterKeys): ProviderConfig {
  const { provider, baseUrl, settings } = stored;
  const kind = parseKind(stored.kind);
  const secret = JSON.parse(openCredential(stored, masterKeys).reveal()) as ProviderSecret;
  return {
    name: provider,
    kind,
    ...(baseUrl !== null && { baseUrl }),
    credential: credentialOf(kind, secret),
    settings: parseProviderSettings(kind, settings),
    trusted: false,
  };
}

/** @throws InvalidRequest for parts that the kind does not take. */
function credentialOf(kind: ProviderKind, secret: ProviderSecret): ProviderCredential {
  const { apiKey, tenantId, clientId, clientSecret, authority, ...others } = secret;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong(`the secret has a part "${unknown}" that is not known`);
  if (apiKey !== undefined) {
    if (tenantId ?? clientId ?? clientSecret ?? authority) throw wrong('a secret is an API key or an Entra client');
    return { type: 'key', key: apiKey };
  }
  if (kind !== 'azure') throw wrong('the secret must be an API key');
  if (tenantId === undefined || clientId === undefined || clientSecret === undefined)
    throw wrong('an Entra client has tenantId, clientId and clientSecret');
  if (authority !== undefined && !AUTHORITIES.includes(authority))
    throw wrong(`authority must be one of ${AUTHORITIES.join(', ')}`);
  return { type: 'entra', tenantId, clientId, clientSecret, ...(authority !== undefined && { authority }) };
}

function wrong(message: string): InvalidRequest {
  return new InvalidRequest(message, { param: 'secret' });
}

import { isParsimonyError, MasterKeyUnavailable } from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';
import { createProvider, type ConnectionPools, type ProviderAdapter } from '@parsimony/providers';
import type { MasterKeys, Reliability, StoredCredential } from '@parsimony/tenancy';
import { providerConfigOf } from './provider-config-of.js';
import { withTimeouts } from './with-timeouts.js';

/** A tenant's way to a provider, or why there is none. */
type Way = ProviderAdapter | ParsimonyError;

export interface TenantProvidersOptions {
  /** The deployment's own, the preferred one first. */
  readonly shared: ReadonlyMap<string, ProviderAdapter>;
  readonly credentials: readonly StoredCredential[];
  readonly masterKeys: MasterKeys;
  readonly pools: ConnectionPools;
  /** What the tenant wants of all its providers. */
  readonly timeouts: Reliability['timeouts'];
}

/** The providers that one tenant can reach: its team's own credential goes before the tenant's, that before the deployment's. */
export class TenantProviders {
  readonly names: readonly string[];
  readonly #own = new Map<string, Way>();
  readonly #ownNames: ReadonlySet<string>;
  readonly #shared: ReadonlyMap<string, ProviderAdapter>;

  constructor(options: TenantProvidersOptions) {
    const { shared, credentials } = options;
    this.#shared = shared;
    for (const credential of credentials) {
      const { teamId, provider } = credential;
      this.#own.set(placeOf(teamId, provider), open(credential, options));
    }
    this.#ownNames = new Set(credentials.map(({ provider }) => provider));
    this.names = [...new Set([...shared.keys(), ...credentials.map(({ provider }) => provider)])];
  }

  /**
   * @throws MasterKeyUnavailable and what else is wrong with a credential of the tenant's own. The deployment's is never
   * taken in its place: somebody else would pay.
   */
  find(provider: string, teamId: string | null): ProviderAdapter | undefined {
    if (this.#own.size === 0) return this.#shared.get(provider);
    const own =
      (teamId === null ? undefined : this.#own.get(placeOf(teamId, provider))) ??
      this.#own.get(placeOf(null, provider));
    if (own instanceof Error) throw own;
    return own ?? this.#shared.get(provider);
  }

  /** Whether the tenant, or a team of it, has a credential of its own there, so that its failures are nobody else's. */
  isOwn(provider: string): boolean {
    return this.#ownNames.has(provider);
  }

  /** The provider's id in the price catalogue. */
  catalogueOf(provider: string): string {
    for (const [place, way] of this.#own)
      if (place.endsWith(`/${provider}`) && !(way instanceof Error)) return way.catalogue;
    return this.#shared.get(provider)?.catalogue ?? provider;
  }
}

function placeOf(teamId: string | null, provider: string): string {
  return `${teamId ?? ''}/${provider}`;
}

function open(credential: StoredCredential, { masterKeys, pools, timeouts }: TenantProvidersOptions): Way {
  try {
    return createProvider(withTimeouts(providerConfigOf(credential, masterKeys), timeouts), pools);
  } catch (error) {
    if (isParsimonyError(error)) return error;
    return new MasterKeyUnavailable(`the credential for ${credential.provider} cannot be used`, { cause: error });
  }
}

import type { JsonObject } from '@parsimony/contract';
import type { MasterKeys } from './master-keys.js';
import type { ProviderSecret } from './provider-secret.js';

/** What a deployment lets tenants bring with them. */
export interface CredentialRules {
  readonly masterKeys: MasterKeys;
  /**
   * @param param the field that the URL stands in.
   * @throws AddressNotAllowed for a URL that tenants may not make the gateway reach.
   */
  readonly checkUrl: (url: string, param: string) => unknown;
  /**
   * Proves what an adapter of this kind needs.
   *
   * @returns the settings as they are kept.
   * @throws InvalidRequest for an unknown kind, or for settings or parts of the secret that it does not take.
   */
  readonly parseSettings: (
    kind: string,
    settings: JsonObject,
    secret: ProviderSecret,
    baseUrl: string | null,
  ) => JsonObject | Promise<JsonObject>;
}

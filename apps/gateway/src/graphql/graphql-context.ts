import type { Principal, TenancyServices } from '@parsimony/tenancy';
import type { RequestLoaders } from './loaders/request-loaders.js';

/** What resolvers know of the request that they serve. */
export interface GraphqlContext {
  readonly principal: Principal;
  /**
   * Who asks, as of now: a subscription outlives keys and tokens.
   *
   * @throws InvalidApiKey, InvalidToken, PermissionDenied
   */
  readonly authenticate: () => Promise<Principal>;
  /** Administration as this caller sees it, behind its tenant's walls. */
  readonly tenancy: TenancyServices;
  readonly loaders: RequestLoaders;
  /** Fires when the caller leaves before the answer. */
  readonly callerGone: AbortSignal;
}

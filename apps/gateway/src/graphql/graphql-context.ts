import type { Principal, TenancyServices } from '@parsimony/tenancy';
import type { RequestLoaders } from './loaders/request-loaders.js';

/** @throws what the change throws. */
export type Everywhere = <Result>(tenantId: string, change: () => Promise<Result>) => Promise<Result>;

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
  /** Makes a change of a tenant's, and comes back when every gateway has taken it up. */
  readonly everywhere: Everywhere;
  readonly loaders: RequestLoaders;
  /** Fires when the caller leaves before the answer. */
  readonly callerGone: AbortSignal;
}

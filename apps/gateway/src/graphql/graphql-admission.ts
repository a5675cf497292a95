import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidApiKey } from '@parsimony/contract';
import { actorOf, JwtSignIn, tenancyOf } from '@parsimony/tenancy';
import type { Principal } from '@parsimony/tenancy';
import { secretOf } from '../edge/admission.js';
import type { GatewayCore } from '../host/gateway-core.js';
import { GATEWAY_CORE } from '../host/gateway-core.token.js';
import type { GraphqlContext } from './graphql-context.js';
import { RequestLoaders } from './loaders/request-loaders.js';

/** Finds out who asks, and makes what resolvers of the request share. */
@Injectable()
export class GraphqlAdmission {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /**
   * The bearer of a key, or the person whose token it is.
   *
   * @param address the caller's.
   * @throws InvalidApiKey, InvalidToken, PermissionDenied where the key may not be used from there.
   */
  async authenticate(headers: IncomingHttpHeaders, address: string): Promise<Principal> {
    const { signIn, directory, lastUse } = this.core;
    const secret = secretOf(headers);
    if (signIn && JwtSignIn.isToken(secret)) return signIn.authenticate(secret);
    const principal = directory.authenticate(secret);
    principal.scopes?.demandAddress(address);
    lastUse.record(principal);
    return principal;
  }

  /**
   * The bearer of the key that a websocket's client sent with `connection_init`, else with the upgrade: browsers cannot
   * send headers with it.
   *
   * @throws InvalidApiKey, InvalidToken, PermissionDenied
   */
  async authenticateConnection(
    parameters: Readonly<Record<string, unknown>> | undefined,
    headers: IncomingHttpHeaders,
    address: string,
  ): Promise<Principal> {
    const sent = parameters?.['authorization'] ?? parameters?.['Authorization'];
    if (sent === undefined) return this.authenticate(headers, address);
    if (typeof sent !== 'string') throw new InvalidApiKey('authorization must be "Bearer KEY"');
    return this.authenticate({ authorization: sent }, address);
  }

  /** @param authenticate finds out anew who asks; left out where a request is too short for that. */
  context(
    principal: Principal,
    address: string,
    callerGone: AbortSignal,
    authenticate: GraphqlContext['authenticate'] = () => Promise.resolve(principal),
  ): GraphqlContext {
    const { dataSource, rules, credentialRules, directory } = this.core;
    const tenancy = tenancyOf(actorOf(principal, address), { dataSource, rules, credentialRules });
    return {
      principal,
      authenticate,
      tenancy,
      everywhere: (tenantId, change) => directory.everywhere(tenantId, change),
      callerGone,
      loaders: new RequestLoaders(tenancy, dataSource),
    };
  }
}

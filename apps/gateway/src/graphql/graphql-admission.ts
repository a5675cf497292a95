import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidApiKey } from '@parsimony/contract';
import { ApiKeyService, ConfigurationService, TeamService, TenantService } from '@parsimony/tenancy';
import type { Principal } from '@parsimony/tenancy';
import { authenticate } from '../edge/admission.js';
import type { GatewayCore } from '../host/gateway-core.js';
import { GATEWAY_CORE } from '../host/gateway-core.token.js';
import type { GraphqlContext } from './graphql-context.js';
import { RequestLoaders } from './loaders/request-loaders.js';

/** Finds out who asks, and makes what resolvers of the request share. */
@Injectable()
export class GraphqlAdmission {
  constructor(
    @Inject(GATEWAY_CORE) private readonly core: GatewayCore,
    readonly tenants: TenantService,
    readonly teams: TeamService,
    readonly keys: ApiKeyService,
    readonly configurations: ConfigurationService,
  ) {}

  /** @throws InvalidApiKey */
  authenticate(headers: IncomingHttpHeaders): Principal {
    const principal = authenticate(this.core, headers);
    this.core.lastUse.record(principal);
    return principal;
  }

  /**
   * The bearer of the key that a websocket's client sent with `connection_init`, else with the upgrade: browsers cannot
   * send headers with it.
   *
   * @throws InvalidApiKey
   */
  authenticateConnection(
    parameters: Readonly<Record<string, unknown>> | undefined,
    headers: IncomingHttpHeaders,
  ): Principal {
    const sent = parameters?.['authorization'] ?? parameters?.['Authorization'];
    if (sent === undefined) return this.authenticate(headers);
    if (typeof sent !== 'string') throw new InvalidApiKey('authorization must be "Bearer KEY"');
    return this.authenticate({ authorization: sent });
  }

  context(principal: Principal, callerGone: AbortSignal): GraphqlContext {
    return { principal, callerGone, loaders: new RequestLoaders(this) };
  }
}

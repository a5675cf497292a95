import { Module } from '@nestjs/common';
import { ApiKeyService, ConfigurationService, TeamService, TenantService } from '@parsimony/tenancy';
import type { GatewayCore } from '../host/gateway-core.js';
import { GATEWAY_CORE } from '../host/gateway-core.token.js';
import { GraphqlAdmission } from './graphql-admission.js';

const inject = [GATEWAY_CORE];

/** Tenancy's services on the core's database, and the admission of callers that stands on them. */
@Module({
  providers: [
    {
      provide: TenantService,
      inject,
      useFactory: ({ dataSource, rules }: GatewayCore) => new TenantService(dataSource, rules),
    },
    { provide: TeamService, inject, useFactory: ({ dataSource }: GatewayCore) => new TeamService(dataSource) },
    { provide: ApiKeyService, inject, useFactory: ({ dataSource }: GatewayCore) => new ApiKeyService(dataSource) },
    {
      provide: ConfigurationService,
      inject,
      useFactory: ({ dataSource, rules }: GatewayCore) => new ConfigurationService(dataSource, rules),
    },
    GraphqlAdmission,
  ],
  exports: [GraphqlAdmission, TenantService, TeamService, ApiKeyService, ConfigurationService],
})
export class GraphqlAdmissionModule {}

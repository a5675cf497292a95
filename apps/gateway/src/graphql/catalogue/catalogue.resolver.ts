import { Inject } from '@nestjs/common';
import { Args, Context, Query } from '@nestjs/graphql';
import type { Tier } from '@parsimony/contract';
import type { Principal } from '@parsimony/tenancy';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { Requires } from '../access/requires.decorator.js';
import { TierEnum } from '../enums.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem, perReportRow } from '../limits/complexity.js';
import { LoadedPluginObject } from './loaded-plugin.type.js';
import { ModelCatalogueQuery } from './model-catalogue.query.js';
import { ModelObject } from './model.type.js';
import { PluginHealth } from './plugin-health.js';

@ApiResolver()
export class CatalogueResolver {
  constructor(
    private readonly catalogue: ModelCatalogueQuery,
    private readonly health: PluginHealth,
    @Inject(GATEWAY_CORE) private readonly core: GatewayCore,
  ) {}

  @Query(() => [ModelObject], { complexity: perReportRow, description: 'The price catalogue in force now.' })
  @Requires('catalogue.read')
  models(
    @Args('provider', { type: () => String, nullable: true }) provider: string | null | undefined,
    @Args('tier', { type: () => TierEnum, nullable: true }) tier: Tier | null | undefined,
    @Context('principal') { tenantId }: Principal,
  ): ModelObject[] {
    return this.catalogue.models(tenantId, { provider, tier });
  }

  @Query(() => [LoadedPluginObject], { complexity: perListItem })
  @Requires('catalogue.read')
  async plugins(): Promise<LoadedPluginObject[]> {
    const incidents = await this.health.recentIncidents();
    return this.core.plugins.all().map(({ plugin, version }) => {
      const recent = incidents.get(plugin.name) ?? 0;
      return {
        name: plugin.name,
        version,
        contract: plugin.contract,
        stage: plugin.stage ?? null,
        configurationSchema: plugin.configSchema,
        healthy: recent === 0,
        reason: recent === 0 ? null : `${recent} calls met a layer that broke or overran its time`,
      };
    });
  }
}

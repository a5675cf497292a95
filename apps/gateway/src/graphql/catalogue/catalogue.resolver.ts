import { Inject } from '@nestjs/common';
import { Args, Context, Query } from '@nestjs/graphql';
import { STAGES } from '@parsimony/contract';
import type { Tier } from '@parsimony/contract';
import { layersOf } from '@parsimony/pipeline';
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
    const reasons = await this.health.reasons();
    return this.core.plugins.all().map(({ plugin, version }) => {
      const { name, contract, configSchema: configurationSchema } = plugin;
      const stages = layersOf(plugin)
        .map(({ stage }) => stage)
        .toSorted((a, b) => STAGES.indexOf(a) - STAGES.indexOf(b));
      const reason = reasons.get(name) ?? null;
      const [stage = null] = stages;
      return { name, version, contract, stage, stages, configurationSchema, healthy: reason === null, reason };
    });
  }
}

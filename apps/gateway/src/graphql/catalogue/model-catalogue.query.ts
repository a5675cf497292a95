import { Inject, Injectable } from '@nestjs/common';
import { USAGE_BUCKETS } from '@parsimony/contract';
import type { PicoDollars, Tier, UsageBucket } from '@parsimony/contract';
import type { ModelPrice } from '@parsimony/pricing';
import { TIERS } from '@parsimony/contract';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import type { ModelObject, TokenPricesObject } from './model.type.js';

/** Tokens and characters are priced by the million. */
const UNITS_PER_PRICE = 1_000_000n;

interface NamedModel {
  readonly provider: string;
  readonly model: string;
  readonly name: string;
  readonly contextWindow: number | null;
}

/** The prices in force now, through the tenant's own document where a tenant asks. */
@Injectable()
export class ModelCatalogueQuery {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /** @param tenantId null: the catalogue as it is, without tiers. */
  models(
    tenantId: string | null,
    wanted: { readonly provider?: string | null | undefined; readonly tier?: Tier | null | undefined },
  ): ModelObject[] {
    const { prices } = this.core;
    const now = Date.now();
    const document = tenantId === null ? null : this.core.directory.tenant(tenantId)?.document;
    const finder = document ? prices.finderFor(document.prices) : prices.catalogue;
    const tierOf = new Map<string, Tier>();
    for (const tier of TIERS) for (const id of document?.tiers[tier] ?? []) if (!tierOf.has(id)) tierOf.set(id, tier);
    const named = [...tierOf.keys(), ...(document?.prices.keys() ?? [])];
    const found: ModelObject[] = [];
    for (const [id, { provider, model, name, contextWindow }] of this.#known(now, named)) {
      const tier = tierOf.get(id) ?? null;
      if (wanted.provider != null && wanted.provider !== provider) continue;
      if (wanted.tier != null && wanted.tier !== tier) continue;
      const price = finder.find(provider, model, now) ?? (tier && prices.catalogue.ceilingPrice(provider, model));
      if (!price) continue;
      const { source, perCall } = price;
      const { updated } = prices.catalogue;
      found.push({ id, provider, name, tier, contextWindow, prices: pricesOf(price), perCall, source, updated });
    }
    return found;
  }

  /** The catalogue's current models, and those that a tenant's document names beside them. */
  #known(now: number, named: readonly string[]): Map<string, NamedModel> {
    const known = new Map<string, NamedModel>();
    for (const { provider, id, name, contextWindow, deprecated } of this.core.prices.catalogue.models(now))
      if (!deprecated || named.includes(`${provider}/${id}`))
        known.set(`${provider}/${id}`, { provider, model: id, name, contextWindow });
    for (const id of named) {
      const slash = id.indexOf('/');
      const model = id.slice(slash + 1);
      if (!known.has(id)) known.set(id, { provider: id.slice(0, slash), model, name: model, contextWindow: null });
    }
    return known;
  }
}

function pricesOf({ standard }: ModelPrice): TokenPricesObject[] {
  return standard.map(({ above, rates }) => {
    const shown = USAGE_BUCKETS.map((bucket) => [bucket, rates[bucket] * unitsOf(bucket)] as const);
    return {
      aboveInputTokens: above,
      ...(Object.fromEntries(shown) as Record<UsageBucket, PicoDollars>),
    };
  });
}

function unitsOf(bucket: UsageBucket): bigint {
  return bucket === 'seconds' || bucket === 'searches' ? 1n : UNITS_PER_PRICE;
}

import type { ModelIdentity, ModelPrice, PriceFinder } from './model-price.js';
import type { PriceOverrides } from './price-overrides.js';

interface Identifier extends PriceFinder {
  identify(provider: string, model: string): ModelIdentity | undefined;
}

/**
 * A catalogue seen through a tenant's own prices. An override holds for the name that it bears and for the other names
 * of the same model, such as dated snapshots; before its first date the catalogue's price holds.
 */
export class TenantPrices implements PriceFinder {
  constructor(
    private readonly catalogue: Identifier,
    private readonly overrides: PriceOverrides,
  ) {}

  find(provider: string, model: string, at: number): ModelPrice | undefined {
    const own = this.overrides.get(`${provider}/${model}`) ?? this.underOtherName(provider, model);
    return own?.findLast(({ from }) => from <= at)?.price ?? this.catalogue.find(provider, model, at);
  }

  private underOtherName(provider: string, model: string): ReturnType<PriceOverrides['get']> {
    if (this.overrides.size === 0) return undefined;
    const known = this.catalogue.identify(provider, model);
    return known && this.overrides.get(`${known.provider}/${known.model}`);
  }
}

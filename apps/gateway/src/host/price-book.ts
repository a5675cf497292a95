import type { ModelTarget } from '@parsimony/contract';
import type { PriceOf } from '@parsimony/metering';
import type { ModelPrice, PriceCatalogue, PriceFinder, PriceOverrides } from '@parsimony/pricing';

/** Names of unknown models come from callers; only so many are remembered. */
const REMEMBERED_MODELS = 1000;

/** Prices as tenants see them; a model without a price has the ceiling's, and is reported once. */
export class PriceBook {
  readonly #ceilings = new Map<string, ModelPrice>();

  constructor(
    readonly catalogue: PriceCatalogue,
    private readonly onUnknownModel: (target: ModelTarget) => void,
  ) {}

  /** What the tenant's own prices make of the catalogue. */
  finderFor(overrides: PriceOverrides): PriceFinder {
    return overrides.size === 0 ? this.catalogue : this.catalogue.withOverrides(overrides);
  }

  priceOf(finder: PriceFinder): PriceOf {
    return (target, at) => finder.find(target.provider, target.model, at) ?? this.#ceiling(target);
  }

  #ceiling(target: ModelTarget): ModelPrice {
    const name = `${target.provider}/${target.model}`;
    const known = this.#ceilings.get(name);
    if (known) return known;
    const price = this.catalogue.ceilingPrice(target.provider, target.model);
    if (this.#ceilings.size < REMEMBERED_MODELS) this.#ceilings.set(name, price);
    this.onUnknownModel(target);
    return price;
  }
}

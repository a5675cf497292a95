import type { ModelTarget } from '@parsimony/contract';
import type { PriceOf } from '@parsimony/metering';
import { isPricedFor } from '@parsimony/pricing';
import type { CeilingRates, ModelPrice, PriceCatalogue, PriceFinder, PriceOverrides } from '@parsimony/pricing';

/** Names of unknown models come from callers; only so many are remembered. */
const REMEMBERED_MODELS = 1000;

/** Prices as tenants see them; a model without a price has the ceiling's, and is reported once. */
export class PriceBook {
  readonly #ceilings = new Map<string, ModelPrice>();

  constructor(
    readonly catalogue: PriceCatalogue,
    /** What the deployment wants an unknown model to cost; else the dearest of its provider's. */
    private readonly ceiling: CeilingRates | undefined,
    private readonly onUnknownModel: (target: ModelTarget) => void,
  ) {}

  /** What the tenant's own prices make of the catalogue. */
  finderFor(overrides: PriceOverrides): PriceFinder {
    return overrides.size === 0 ? this.catalogue : this.catalogue.withOverrides(overrides);
  }

  /** @param pricedAs the catalogue's id of the target's provider, where the deployment or the tenant named it differently. */
  priceOf(finder: PriceFinder, pricedAs: (target: ModelTarget) => string): PriceOf {
    return (target, at, operation) => {
      const price = finder.find(target.provider, target.model, at) ?? finder.find(pricedAs(target), target.model, at);
      // What a model answers for that has no price for it would be free.
      return price && isPricedFor(operation, price) ? price : this.#ceiling(target);
    };
  }

  #ceiling(target: ModelTarget): ModelPrice {
    const name = `${target.provider}/${target.model}`;
    const known = this.#ceilings.get(name);
    if (known) return known;
    const price = this.catalogue.ceilingPrice(target.provider, target.model, this.ceiling);
    if (this.#ceilings.size < REMEMBERED_MODELS) this.#ceilings.set(name, price);
    this.onUnknownModel(target);
    return price;
  }
}

import type { Provider } from '@pydantic/genai-prices';
import { BUNDLED_DATA, bundledProviders } from './bundled-data.js';
import { configuredCeiling, type CeilingRates } from './ceiling-price.js';
import type { ModelIdentity, ModelPrice, PriceFinder } from './model-price.js';
import type { PriceOverrides } from './price-overrides.js';
import { PriceSnapshot } from './price-snapshot.js';
import { TenantPrices } from './tenant-prices.js';

/** A model of the catalogue, with the price that is in force. */
export interface CatalogueModel {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  /** Tokens; null where the data do not say. */
  readonly contextWindow: number | null;
  /** The provider has announced its end. */
  readonly deprecated: boolean;
  /** Null where the model has no price then that a call can be charged: documents by the page. */
  readonly price: ModelPrice | null;
}

export interface CatalogueProvider {
  readonly id: string;
  readonly name: string;
}

/**
 * The dated prices of all known models: those that the price package brings along, or those of a file that was fetched
 * later, and beside them the listed ones. It uses no network.
 */
export class PriceCatalogue implements PriceFinder {
  private constructor(private snapshot: PriceSnapshot) {}

  /** Reads the bundled data; about 20 ms, once per process. */
  static async bundled(): Promise<PriceCatalogue> {
    return PriceCatalogue.of(await bundledProviders(), BUNDLED_DATA.published);
  }

  /**
   * @param updated ISO 8601 date of the data.
   * @throws RangeError where the data have no prices, or one that is none.
   */
  static of(data: readonly Provider[], updated: string): PriceCatalogue {
    return new PriceCatalogue(new PriceSnapshot(data, updated));
  }

  /** ISO 8601 date of the data: of the bundled ones, see `BUNDLED_DATA`; of others the day on which they were fetched. */
  get updated(): string {
    return this.snapshot.updated;
  }

  /** Takes over the prices of another catalogue, for everybody who holds this one. */
  adopt(other: PriceCatalogue): void {
    this.snapshot = other.snapshot;
  }

  find(provider: string, model: string, at: number): ModelPrice | undefined {
    return this.snapshot.lookUp(provider, model)?.prices.at(at);
  }

  /**
   * Which model of the catalogue a name stands for: dated snapshots, aliases, and the providers whose models another
   * provider resells.
   */
  identify(provider: string, model: string): ModelIdentity | undefined {
    return this.snapshot.lookUp(provider, model);
  }

  /**
   * The price of a model that nobody knows: as configured, else as dear in every bucket as the dearest current model of
   * that provider, or of all providers where the provider is unknown too. What the configuration leaves out is as dear
   * as the dearest all the same: never nothing.
   */
  ceilingPrice(provider: string, model: string, configured?: CeilingRates): ModelPrice {
    const dearest = this.snapshot.ceilingOf(provider);
    return { ...(configured ? configuredCeiling(configured, dearest) : dearest), provider, model };
  }

  /** Every model with its price at a moment, in milliseconds since the Unix epoch. */
  models(at: number): readonly CatalogueModel[] {
    return this.snapshot.data.flatMap((provider) =>
      provider.models.map((model) => ({
        provider: provider.id,
        id: model.id,
        name: model.name ?? model.id,
        contextWindow: model.context_window ?? null,
        deprecated: model.deprecated ?? false,
        price: this.snapshot.priceOf(model, at) ?? null,
      })),
    );
  }

  providers(): readonly CatalogueProvider[] {
    return this.snapshot.data.map(({ id, name }) => ({ id, name }));
  }

  /** The catalogue as a tenant sees it whose document has prices of its own. */
  withOverrides(overrides: PriceOverrides): PriceFinder {
    return new TenantPrices(this, overrides);
  }
}

/** How old a catalogue's data are, in milliseconds at `now`. */
export function catalogueAge(catalogue: PriceCatalogue, now: number): number {
  return Math.max(0, now - Date.parse(catalogue.updated));
}

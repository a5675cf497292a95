import { calcPrice, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { BoundedMemo } from './bounded-memo.js';
import { BUNDLED_DATA, bundledProviders } from './bundled-data.js';
import { configuredCeiling, dearestCeiling, type Ceiling, type CeilingRates } from './ceiling-price.js';
import type { ModelIdentity, ModelPrice, PriceFinder } from './model-price.js';
import type { PriceOverrides } from './price-overrides.js';
import { PriceTimeline } from './price-timeline.js';
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
  /** Null where the model has no token price then: speech by the hour, documents by the page. */
  readonly price: ModelPrice | null;
}

export interface CatalogueProvider {
  readonly id: string;
  readonly name: string;
}

interface KnownModel extends ModelIdentity {
  readonly prices: PriceTimeline;
}

const UNKNOWN = Symbol('unknown');
/** Longer names belong to no model; matching them against every pattern would only cost time. */
const LONGEST_NAME = 256;
/** Callers choose model names: what is remembered of them must not grow with their number. */
const REMEMBERED_NAMES = 4096;

/** The dated prices of all known models, from the data that the price package brings along. No network is used. */
export class PriceCatalogue implements PriceFinder {
  /** ISO 8601 date on which the data were published; see `BUNDLED_DATA`. */
  readonly updated = BUNDLED_DATA.published;

  private readonly timelines = new Map<ModelInfo, PriceTimeline>();
  private readonly ceilings = new Map<string, Ceiling>();
  private readonly dearest: Ceiling;
  private readonly remembered = new BoundedMemo<KnownModel | { readonly prices: typeof UNKNOWN }>(REMEMBERED_NAMES);

  private constructor(private readonly data: readonly Provider[]) {
    const all: ModelPrice[] = [];
    for (const provider of data) {
      const current: ModelPrice[] = [];
      for (const model of provider.models) {
        const timeline = PriceTimeline.of(provider.id, model);
        this.timelines.set(model, timeline);
        if (!model.deprecated) current.push(...timeline.all());
      }
      const ceiling = dearestCeiling(current);
      if (ceiling) this.ceilings.set(provider.id, ceiling);
      all.push(...current);
    }
    const dearest = dearestCeiling(all);
    if (!dearest) throw new Error(`${BUNDLED_DATA.package} brings no prices`);
    this.dearest = dearest;
  }

  /** Reads the bundled data; about 20 ms, once per process. */
  static async bundled(): Promise<PriceCatalogue> {
    return new PriceCatalogue(await bundledProviders());
  }

  find(provider: string, model: string, at: number): ModelPrice | undefined {
    const known = this.lookUp(provider, model);
    return known.prices === UNKNOWN ? undefined : known.prices.at(at);
  }

  /**
   * Which model of the catalogue a name stands for, by the price package's matching: dated snapshots, aliases, and the
   * providers whose models another provider resells.
   */
  identify(provider: string, model: string): ModelIdentity | undefined {
    const known = this.lookUp(provider, model);
    return known.prices === UNKNOWN ? undefined : known;
  }

  /**
   * The price of a model that nobody knows: as configured, else as dear in every bucket as the dearest current model of
   * that provider, or of all providers where the provider is unknown too.
   */
  ceilingPrice(provider: string, model: string, configured?: CeilingRates): ModelPrice {
    const ceiling = configured ? configuredCeiling(configured) : (this.ceilings.get(provider) ?? this.dearest);
    return { ...ceiling, provider, model };
  }

  /** Every model with its price at a moment, in milliseconds since the Unix epoch. */
  models(at: number): readonly CatalogueModel[] {
    return this.data.flatMap((provider) =>
      provider.models.map((model) => ({
        provider: provider.id,
        id: model.id,
        name: model.name ?? model.id,
        contextWindow: model.context_window ?? null,
        deprecated: model.deprecated ?? false,
        price: this.timelines.get(model)?.at(at) ?? null,
      })),
    );
  }

  providers(): readonly CatalogueProvider[] {
    return this.data.map(({ id, name }) => ({ id, name }));
  }

  /** The catalogue as a tenant sees it whose document has prices of its own. */
  withOverrides(overrides: PriceOverrides): PriceFinder {
    return new TenantPrices(this, overrides);
  }

  private lookUp(provider: string, model: string): KnownModel | { readonly prices: typeof UNKNOWN } {
    if (model.length > LONGEST_NAME || provider.length > LONGEST_NAME) return { prices: UNKNOWN };
    return this.remembered.get(`${provider}\n${model}`, () => {
      const match = calcPrice({}, model, { providerId: provider });
      if (!match) return { prices: UNKNOWN };
      const own = this.timelines.get(match.model);
      const resold = match.provider.models.every((offered) => offered !== match.model);
      return {
        provider: match.provider.id,
        model: match.model.id,
        prices: own && !resold ? own : PriceTimeline.of(match.provider.id, match.model),
      };
    });
  }
}

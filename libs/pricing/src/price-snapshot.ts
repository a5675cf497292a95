import type { ModelInfo, Provider } from '@pydantic/genai-prices';
import { BoundedMemo } from './bounded-memo.js';
import { matchModel } from './catalogue-matching.js';
import { dearestCeiling, type Ceiling } from './ceiling-price.js';
import { withListedPrices } from './listed-prices.js';
import type { ModelIdentity, ModelPrice } from './model-price.js';
import { PriceTimeline } from './price-timeline.js';

/** A model that the data know. */
export interface KnownModel extends ModelIdentity {
  readonly prices: PriceTimeline;
}

const UNKNOWN = Symbol('unknown');
/** Longer names belong to no model; matching them against every pattern would only cost time. */
const LONGEST_NAME = 256;
/** Callers choose model names: what is remembered of them must not grow with their number. */
const REMEMBERED_NAMES = 4096;

/** One state of the price data, with the listed prices in it. It never changes. */
export class PriceSnapshot {
  readonly data: readonly Provider[];
  readonly #timelines = new Map<ModelInfo, PriceTimeline>();
  readonly #ceilings = new Map<string, Ceiling>();
  readonly #dearest: Ceiling;
  readonly #remembered = new BoundedMemo<KnownModel | { readonly prices: typeof UNKNOWN }>(REMEMBERED_NAMES);

  /**
   * @param updated ISO 8601 date of the data.
   * @throws RangeError for a price that is none.
   */
  constructor(
    data: readonly Provider[],
    readonly updated: string,
  ) {
    this.data = withListedPrices(data, (provider, model) => isPriced(data, provider, model));
    const all: ModelPrice[] = [];
    for (const provider of this.data) {
      const current: ModelPrice[] = [];
      for (const model of provider.models) {
        const timeline = PriceTimeline.of(provider.id, model);
        this.#timelines.set(model, timeline);
        if (!model.deprecated) current.push(...timeline.all());
      }
      const ceiling = dearestCeiling(current);
      if (ceiling) this.#ceilings.set(provider.id, ceiling);
      all.push(...current);
    }
    const dearest = dearestCeiling(all);
    if (!dearest) throw new RangeError('the data have no prices');
    this.#dearest = dearest;
  }

  lookUp(provider: string, model: string): KnownModel | undefined {
    if (model.length > LONGEST_NAME || provider.length > LONGEST_NAME) return undefined;
    const known = this.#remembered.get(`${provider}\n${model}`, () => {
      const match = matchModel(this.data, provider, model);
      if (!match) return { prices: UNKNOWN };
      const own = this.#timelines.get(match.model);
      const resold = match.provider.models.every((offered) => offered !== match.model);
      return {
        provider: match.provider.id,
        model: match.model.id,
        prices: own && !resold ? own : PriceTimeline.of(match.provider.id, match.model),
      };
    });
    return known.prices === UNKNOWN ? undefined : known;
  }

  /** As dear in every bucket as the dearest current model of the provider, or of all where it is unknown too. */
  ceilingOf(provider: string): Ceiling {
    return this.#ceilings.get(provider) ?? this.#dearest;
  }

  priceOf(model: ModelInfo, at: number): ModelPrice | undefined {
    return this.#timelines.get(model)?.at(at);
  }
}

function isPriced(data: readonly Provider[], provider: string, model: string): boolean {
  const match = matchModel(data, provider, model);
  return match !== undefined && PriceTimeline.of(provider, match.model).all().length > 0;
}

import type { PicoDollars, UsageBucket } from '@parsimony/contract';

/**
 * Where a price comes from: the catalogue, the tenant's own document, or the ceiling for models that neither knows. A
 * caller that meets `ceiling` records a warning.
 */
export type PriceOrigin = 'catalogue' | 'tenant' | 'ceiling';

/**
 * Pico-dollars a token, character, second or search, for every bucket. Tokens that a provider does not price apart have
 * the price they are billed at; what is not counted in tokens is free unless it has a price.
 */
export type TokenRates = Readonly<Record<UsageBucket, PicoDollars>>;

/** Prices that hold for a whole call once its input is longer than `above` tokens. */
export interface PriceTier {
  /** Total input tokens of the call must exceed this; 0 for the first tier, which holds from the first token. */
  readonly above: number;
  readonly rates: TokenRates;
  /** The dearest input token and output token of this tier and of all tiers before it; so are the three that follow. */
  readonly dearestInput: PicoDollars;
  readonly dearestOutput: PicoDollars;
  readonly dearestCharacter: PicoDollars;
  readonly dearestSecond: PicoDollars;
  readonly dearestSearch: PicoDollars;
}

/** Tiers, ascending by `above`. */
export type RateTable = readonly [PriceTier, ...PriceTier[]];

/** What the use of a model costs at one moment. */
export interface ModelPrice {
  /** Ids of provider and model in the catalogue; as the caller named them where the catalogue does not know them. */
  readonly provider: string;
  readonly model: string;
  readonly source: PriceOrigin;
  /** Since when, as an ISO 8601 date; null where no beginning is known. */
  readonly effectiveFrom: string | null;
  /** A fee for each call, beside its tokens. */
  readonly perCall: PicoDollars;
  readonly standard: RateTable;
  /** Prices in the provider's batch interface; the same as `standard` where no discount is known. */
  readonly batch: RateTable;
}

/** Something that knows prices: the catalogue, or the catalogue seen through a tenant's own prices. */
export interface PriceFinder {
  /**
   * @param provider the provider's id.
   * @param model the model as the provider names it, dated snapshots included.
   * @param at milliseconds since the Unix epoch.
   * @returns undefined where the price is not known: charge the ceiling then, never nothing.
   */
  find(provider: string, model: string, at: number): ModelPrice | undefined;
}

/** The catalogue's own ids of what a caller named. */
export interface ModelIdentity {
  readonly provider: string;
  readonly model: string;
}

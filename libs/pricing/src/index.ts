export { BATCH_DISCOUNTS, type BatchDiscount } from './batch-discount.js';
export { BUNDLED_DATA } from './bundled-data.js';
export { parseCeilingRates, type CeilingRates } from './ceiling-price.js';
export { costOf, worstCase, type CostOptions, type TokenBounds } from './cost.js';
export type {
  ModelIdentity,
  ModelPrice,
  PriceFinder,
  PriceOrigin,
  PriceTier,
  RateTable,
  TokenRates,
} from './model-price.js';
export { PriceCatalogue, type CatalogueModel, type CatalogueProvider } from './price-catalogue.js';
export { parsePriceOverrides, priceOverridesSchema, type DatedPrice, type PriceOverrides } from './price-overrides.js';

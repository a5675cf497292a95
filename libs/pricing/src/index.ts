export { BATCH_DISCOUNTS, type BatchDiscount } from './batch-discount.js';
export { BUNDLED_DATA } from './bundled-data.js';
export { CatalogueRefused } from './catalogue-changes.js';
export { InvalidPriceData, parseCatalogueData } from './catalogue-data.js';
export { loadCatalogueFile, saveCatalogueFile, type CatalogueFile } from './catalogue-file.js';
export { CATALOGUE_URL, fetchCatalogue, refreshCatalogue, type RefreshOptions } from './catalogue-refresh.js';
export { CatalogueWatch, type CatalogueWatchOptions } from './catalogue-watch.js';
export { parseCeilingRates, type CeilingRates, type StatedCeiling } from './ceiling-price.js';
export { costOf, leastCase, worstCase, type CostOptions, type UsageBounds } from './cost.js';
export { LISTED_PRICES } from './listed-prices.js';
export type {
  ModelIdentity,
  ModelPrice,
  PriceFinder,
  PriceOrigin,
  PriceTier,
  RateTable,
  TokenRates,
} from './model-price.js';
export { catalogueAge, PriceCatalogue, type CatalogueModel, type CatalogueProvider } from './price-catalogue.js';
export { isPricedFor } from './priced-operation.js';
export { parsePriceOverrides, priceOverridesSchema, type DatedPrice, type PriceOverrides } from './price-overrides.js';

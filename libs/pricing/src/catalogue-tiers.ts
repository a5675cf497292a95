import type { ModelPrice as PackagePrice } from '@pydantic/genai-prices';
import type { PicoDollars, UsageBucket } from '@parsimony/contract';
import type { StatedTier, UNIT_BUCKETS } from './rate-table.js';
import { tokenRateOf } from './token-rate.js';

type UnitBucket = (typeof UNIT_BUCKETS)[number];

/** The price package's field for each bucket of tokens. */
const FIELD_OF_BUCKET = {
  input: 'input_mtok',
  cachedInput: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWriteLong: 'cache_write_1h_mtok',
  inputAudio: 'input_audio_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  outputAudio: 'output_audio_mtok',
} as const satisfies Record<Exclude<UsageBucket, UnitBucket>, string>;

/** Its field for everything else, and of how many units it states the price in USD. */
const FIELD_OF_UNIT = {
  characters: { field: 'input_mchars', per: 1_000_000n },
  seconds: { field: 'input_audio_hours', per: 3600n },
  searches: { field: 'web_searches_kcount', per: 1000n },
} as const satisfies Record<UnitBucket, { readonly field: string; readonly per: bigint }>;

const BUCKETS = Object.entries(FIELD_OF_BUCKET) as readonly [UsageBucket, string][];
const UNITS = Object.entries(FIELD_OF_UNIT) as readonly [UnitBucket, (typeof FIELD_OF_UNIT)[UnitBucket]][];
const BUCKET_FIELDS: ReadonlySet<string> = new Set(Object.values(FIELD_OF_BUCKET));
const TOKENS_PER_PRICE = 1_000_000n;

/**
 * The prices of one entry of the price package, as tiers of the whole call. The package gives each field its own
 * thresholds; here every threshold of any field begins a tier.
 *
 * @returns undefined where the entry prices neither tokens, nor characters, nor seconds: documents by the page.
 */
export function catalogueTiers(prices: PackagePrice): [StatedTier, ...StatedTier[]] | undefined {
  const { input_mtok: input, output_mtok: output, input_mchars: characters, input_audio_hours: hours } = prices;
  if ([input, output, characters, hours].every((price) => price === undefined)) return undefined;
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === 'object') for (const tier of price.tiers) starts.add(tier.start);
  }
  return [tierAt(prices, 0), ...[...starts].sort((a, b) => a - b).map((start) => tierAt(prices, start))];
}

function tierAt(prices: PackagePrice, above: number): StatedTier {
  const rates: Partial<Record<UsageBucket, PicoDollars>> = {};
  for (const [bucket, field] of BUCKETS) {
    const rate = rateAt(prices[field], above, TOKENS_PER_PRICE);
    if (rate !== undefined) rates[bucket] = rate;
  }
  for (const [bucket, { field, per }] of UNITS) {
    const rate = rateAt(prices[field], above, per);
    if (rate !== undefined) rates[bucket] = rate;
  }
  const otherInput: PicoDollars[] = [];
  const otherOutput: PicoDollars[] = [];
  for (const [field, price] of Object.entries(prices)) {
    if (!field.endsWith('_mtok') || BUCKET_FIELDS.has(field)) continue;
    const rate = rateAt(price, above, TOKENS_PER_PRICE);
    if (rate !== undefined) (field.startsWith('output_') ? otherOutput : otherInput).push(rate);
  }
  return { above, rates, otherInput, otherOutput };
}

/** The price of one unit of a field for calls whose input is just longer than `above` tokens. */
function rateAt(price: PackagePrice[string], above: number, per: bigint): PicoDollars | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return unitRate(price, per);
  let reached = price.base;
  for (const tier of [...price.tiers].sort((a, b) => a.start - b.start)) if (above >= tier.start) reached = tier.price;
  return unitRate(reached, per);
}

/** Pico-dollars a unit of what is stated in USD for `per` units; a fraction is rounded up. */
function unitRate(usd: number, per: bigint): PicoDollars {
  const { rate } = tokenRateOf(usd);
  return per === TOKENS_PER_PRICE ? rate : (rate * TOKENS_PER_PRICE + per - 1n) / per;
}

/** The fee for each call, which the price package states in USD per thousand requests. */
export function feePerCall(prices: PackagePrice): PicoDollars {
  const perThousand = prices['requests_kcount'];
  return typeof perThousand === 'number' ? tokenRateOf(perThousand).rate * 1000n : 0n;
}

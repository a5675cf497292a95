import type { ModelPrice as PackagePrice } from '@pydantic/genai-prices';
import type { PicoDollars, UsageBucket } from '@parsimony/contract';
import type { StatedTier } from './rate-table.js';
import { tokenRateOf } from './token-rate.js';

/** The price package's field for each bucket. */
const FIELD_OF_BUCKET = {
  input: 'input_mtok',
  cachedInput: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  inputAudio: 'input_audio_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  outputAudio: 'output_audio_mtok',
} as const satisfies Record<UsageBucket, string>;

const BUCKETS = Object.entries(FIELD_OF_BUCKET) as readonly [UsageBucket, string][];
const BUCKET_FIELDS: ReadonlySet<string> = new Set(Object.values(FIELD_OF_BUCKET));

/**
 * The token prices of one entry of the price package, as tiers of the whole call. The package gives each field its own
 * thresholds; here every threshold of any field begins a tier.
 *
 * @returns undefined where the entry has no token price: speech by the hour, documents by the page.
 */
export function catalogueTiers(prices: PackagePrice): [StatedTier, ...StatedTier[]] | undefined {
  if (prices['input_mtok'] === undefined && prices['output_mtok'] === undefined) return undefined;
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === 'object') for (const tier of price.tiers) starts.add(tier.start);
  }
  return [tierAt(prices, 0), ...[...starts].sort((a, b) => a - b).map((start) => tierAt(prices, start))];
}

function tierAt(prices: PackagePrice, above: number): StatedTier {
  const rates: Partial<Record<UsageBucket, PicoDollars>> = {};
  for (const [bucket, field] of BUCKETS) {
    const rate = rateAt(prices[field], above);
    if (rate !== undefined) rates[bucket] = rate;
  }
  const otherInput: PicoDollars[] = [];
  const otherOutput: PicoDollars[] = [];
  for (const [field, price] of Object.entries(prices)) {
    if (!field.endsWith('_mtok') || BUCKET_FIELDS.has(field)) continue;
    const rate = rateAt(price, above);
    if (rate !== undefined) (field.startsWith('output_') ? otherOutput : otherInput).push(rate);
  }
  return { above, rates, otherInput, otherOutput };
}

/** The price of a field for calls whose input is just longer than `above` tokens. */
function rateAt(price: PackagePrice[string], above: number): PicoDollars | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return tokenRateOf(price).rate;
  let reached = price.base;
  for (const tier of [...price.tiers].sort((a, b) => a.start - b.start)) if (above >= tier.start) reached = tier.price;
  return tokenRateOf(reached).rate;
}

/** The fee for each call, which the price package states in USD per thousand requests. */
export function feePerCall(prices: PackagePrice): PicoDollars {
  const perThousand = prices['requests_kcount'];
  return typeof perThousand === 'number' ? tokenRateOf(perThousand).rate * 1000n : 0n;
}

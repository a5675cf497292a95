import { InvalidDocument, parseUsd, type PicoDollars, type UsageBucket } from '@parsimony/contract';
import { z } from 'zod';
import { tablesOf } from './batch-discount.js';
import type { ModelPrice } from './model-price.js';
import { parseTokenRate } from './token-rate.js';

/** A price of a tenant's own and when it begins, in milliseconds since the Unix epoch. */
export interface DatedPrice {
  readonly from: number;
  readonly price: ModelPrice;
}

/** By `provider/model`, ascending by date. */
export type PriceOverrides = ReadonlyMap<string, readonly [DatedPrice, ...DatedPrice[]]>;

const MODEL_NAME = /^[^/\s]+\/\S+$/;
const usdPerMillion = z
  .string({ error: 'must be a decimal in a string, in USD per million tokens' })
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be USD per million tokens, with at most six decimal places, such as "0.15"');

const usdEach = (unit: string) =>
  z
    .string({ error: `must be a decimal in a string, in USD per ${unit}` })
    .regex(/^\d{1,9}(\.\d{1,12})?$/, `must be USD per ${unit}, with at most twelve decimal places, such as "0.005"`);

const statedPriceSchema = z.strictObject({
  input: usdPerMillion,
  cachedInput: usdPerMillion.optional(),
  cacheWrite: usdPerMillion.optional(),
  cacheWriteLong: usdPerMillion.optional(),
  output: usdPerMillion,
  reasoning: usdPerMillion.optional(),
  inputAudio: usdPerMillion.optional(),
  outputAudio: usdPerMillion.optional(),
  /** USD per million characters of a text that is to be spoken. */
  characters: usdPerMillion.optional(),
  seconds: usdEach('second of sound').optional(),
  searches: usdEach('search').optional(),
  perCall: usdEach('call').optional(),
  effectiveFrom: z.iso.date('must be an ISO 8601 date, such as "2026-01-31"').optional(),
});

type StatedPrice = z.infer<typeof statedPriceSchema>;

const onePriceSchema = statedPriceSchema.transform((price): StatedPrice[] => [price]);
const datedPricesSchema = z
  .array(statedPriceSchema)
  .min(1, 'must have at least one price')
  .superRefine((prices, context) => {
    prices.forEach((price, index) => {
      if (prices.findIndex((other) => other.effectiveFrom === price.effectiveFrom) === index) return;
      const message = `another price begins at ${price.effectiveFrom ?? 'the beginning'} already`;
      context.addIssue({ code: 'custom', message, path: [index, 'effectiveFrom'] });
    });
  });

// Not a union: its errors would not name the field.
const pricesOfModelSchema = z.unknown().transform((value, context) => {
  const parsed = (Array.isArray(value) ? datedPricesSchema : onePriceSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
});

/**
 * The `prices` object of a tenant document: by `provider/model` one price, or several with their dates. Prices are
 * decimal USD as strings: per million tokens or characters, per second, per search, per call.
 */
export const priceOverridesSchema = z
  .record(z.string().regex(MODEL_NAME, 'must be provider/model'), pricesOfModelSchema)
  .transform((prices) => new Map(Object.entries(prices).map(([name, stated]) => [name, datedPrices(name, stated)])));

/**
 * Validates and reads the `prices` object of a tenant document.
 *
 * @throws InvalidDocument whose `param` is the path of the first field that is wrong, such as `prices.openai/gpt-4.1.input`.
 */
export function parsePriceOverrides(prices: unknown): PriceOverrides {
  const parsed = priceOverridesSchema.safeParse(prices);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = ['prices', ...(issue?.path ?? [])].join('.');
  throw new InvalidDocument(`${param}: ${issue?.message ?? 'invalid'}`, { param });
}

function datedPrices(name: string, stated: readonly StatedPrice[]): [DatedPrice, ...DatedPrice[]] {
  const slash = name.indexOf('/');
  const [provider, model] = [name.slice(0, slash), name.slice(slash + 1)];
  const dated = stated.map((price) => ({
    from: price.effectiveFrom === undefined ? -Infinity : Date.parse(price.effectiveFrom),
    price: tenantPrice(provider, model, price),
  }));
  return dated.sort((a, b) => a.from - b.from) as [DatedPrice, ...DatedPrice[]];
}

function tenantPrice(provider: string, model: string, stated: StatedPrice): ModelPrice {
  const { effectiveFrom, perCall, seconds, searches, ...texts } = stated;
  const rates: Partial<Record<UsageBucket, PicoDollars>> = {};
  for (const [bucket, text] of Object.entries(texts) as [UsageBucket, string | undefined][]) {
    if (text !== undefined) rates[bucket] = parseTokenRate(text).rate;
  }
  if (seconds !== undefined) rates.seconds = parseUsd(seconds);
  if (searches !== undefined) rates.searches = parseUsd(searches);
  return {
    provider,
    model,
    source: 'tenant',
    effectiveFrom: effectiveFrom ?? null,
    perCall: perCall === undefined ? 0n : parseUsd(perCall),
    ...tablesOf(provider, [{ above: 0, rates }]),
  };
}

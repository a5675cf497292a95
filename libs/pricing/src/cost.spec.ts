import { NO_USAGE, USAGE_BUCKETS, formatUsd, type Usage, type UsageBucket } from '@parsimony/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { costOf, worstCase } from './cost.js';
import type { ModelPrice } from './model-price.js';
import { PriceCatalogue } from './price-catalogue.js';
import { randomNumbers, splitUsage } from '../test/random-usage.js';

const AT = Date.parse('2026-09-23T12:00:00Z');
let catalogue: PriceCatalogue;

beforeAll(async () => {
  catalogue = await PriceCatalogue.bundled();
});

function priceOf(provider: string, model: string, at = AT): ModelPrice {
  const price = catalogue.find(provider, model, at);
  if (!price) throw new Error(`no price for ${provider}/${model}`);
  return price;
}

describe('costs computed by hand', () => {
  test('gpt-4o-mini: 0.15 in, 0.075 cached, 0.60 out; reasoning is billed as output', () => {
    const usage: Usage = { ...NO_USAGE, input: 1000, cachedInput: 2000, output: 300, reasoning: 200 };
    // 1000 × 0.15 + 2000 × 0.075 + 500 × 0.60 = 600 USD per million
    expect(formatUsd(costOf(priceOf('openai', 'gpt-4o-mini'), usage))).toBe('0.000600000000');
  });

  test('claude-3-5-haiku: cache write 1, cache read 0.08, input 0.8, output 4', () => {
    const usage: Usage = { ...NO_USAGE, input: 5, cachedInput: 10_000, cacheWrite: 4735, output: 255 };
    // 5 × 0.8 + 10000 × 0.08 + 4735 × 1 + 255 × 4 = 6559 USD per million
    expect(formatUsd(costOf(priceOf('anthropic', 'claude-3-5-haiku-20241022'), usage))).toBe('0.006559000000');
  });

  test('gemini-2.5-flash: audio input has a price of its own', () => {
    // 1000 × 0.30 + 2000 × 1 + 10 × 2.50
    const usage: Usage = { ...NO_USAGE, input: 1000, inputAudio: 2000, output: 10 };
    expect(formatUsd(costOf(priceOf('google', 'gemini-2.5-flash'), usage))).toBe('0.002325000000');
  });

  test('claude-sonnet-4-5: above 200,000 input tokens the whole call has the long-context price', () => {
    const price = priceOf('anthropic', 'claude-sonnet-4-5');
    const short: Usage = { ...NO_USAGE, input: 150_000, cachedInput: 50_000, output: 1000 };
    const long: Usage = { ...short, input: 150_001 };
    // 150000 × 3 + 50000 × 0.30 + 1000 × 15
    expect(formatUsd(costOf(price, short))).toBe('0.480000000000');
    // 150001 × 6 + 50000 × 0.60 + 1000 × 22.50
    expect(formatUsd(costOf(price, long))).toBe('0.952506000000');
  });

  test('sonar: each call costs a fee beside its tokens', () => {
    expect(priceOf('perplexity', 'sonar').perCall).toBeGreaterThan(0n);
    expect(costOf(priceOf('perplexity', 'sonar'), NO_USAGE)).toBe(priceOf('perplexity', 'sonar').perCall);
  });

  test('a batch costs half; where discounts do not add up, cached input keeps its price', () => {
    const usage: Usage = { ...NO_USAGE, input: 1001, cachedInput: 10, output: 7 };
    const openai = priceOf('openai', 'gpt-4o-mini');
    expect(costOf(openai, usage, { batch: true }) * 2n).toBe(costOf(openai, usage));
    const google = priceOf('google', 'gemini-2.5-flash');
    expect(costOf(google, usage, { batch: true })).toBe(1001n * 150_000n + 10n * 30_000n + 7n * 1_250_000n);
  });

  test('a provider without a known batch discount charges a batch in full', () => {
    const usage: Usage = { ...NO_USAGE, input: 1000 };
    const price = priceOf('together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo');
    expect(costOf(price, usage, { batch: true })).toBe(costOf(price, usage));
  });

  test('a fraction of a token is refused', () => {
    expect(() => costOf(priceOf('openai', 'gpt-4o-mini'), { ...NO_USAGE, input: 0.5 })).toThrow(RangeError);
  });
});

describe('whatever the model', () => {
  const random = randomNumbers(20261124);

  function everyPrice(): ModelPrice[] {
    return catalogue.models(AT).flatMap((model) => model.price ?? []);
  }

  test('no split of the same tokens costs more than the worst case', () => {
    for (const price of everyPrice()) {
      for (const size of [1000, 150_000, 300_000, 1_000_000]) {
        const tokens = { inputTokens: Math.floor(random() * size), outputTokens: Math.floor(random() * 5000) };
        const usage = splitUsage(random, tokens);
        for (const options of [{}, { batch: true }]) {
          expect(costOf(price, usage, options), `${price.provider}/${price.model}`).toBeLessThanOrEqual(
            worstCase(price, tokens, options),
          );
        }
      }
    }
  });

  test('the worst case never falls as tokens grow', () => {
    for (const price of everyPrice()) {
      let before = 0n;
      for (const inputTokens of [0, 1, 100_000, 128_001, 199_999, 200_001, 272_001, 512_001, 2_000_000]) {
        const worst = worstCase(price, { inputTokens, outputTokens: 10 });
        expect(worst, `${price.provider}/${price.model}`).toBeGreaterThanOrEqual(before);
        before = worst;
      }
    }
  });

  test('inside one tier the cost of a sum is the sum of the costs', () => {
    const a = splitUsage(random, { inputTokens: 3000, outputTokens: 800 });
    const b = splitUsage(random, { inputTokens: 50_000, outputTokens: 1 });
    const sum = Object.fromEntries(USAGE_BUCKETS.map((bucket) => [bucket, a[bucket] + b[bucket]])) as Record<
      UsageBucket,
      number
    >;
    for (const price of everyPrice()) {
      for (const options of [{}, { batch: true }]) {
        expect(costOf(price, sum, options)).toBe(costOf(price, a, options) + costOf(price, b, options) - price.perCall);
      }
    }
  });

  test('no token is free unless the provider says that the model is', () => {
    for (const price of everyPrice()) {
      if (price.standard[0].rates.input === 0n || price.standard[0].rates.output === 0n) continue;
      for (const { rates } of price.standard) {
        for (const bucket of ['input', 'cacheWrite', 'output', 'reasoning'] as const) {
          expect(rates[bucket], `${price.provider}/${price.model} ${bucket}`).toBeGreaterThan(0n);
        }
      }
    }
  });
});

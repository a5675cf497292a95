import { NO_USAGE, USAGE_BUCKETS, formatUsd, type Usage, type UsageBucket } from '@parsimony/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { costOf, leastCase, worstCase } from './cost.js';
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

  test('claude-sonnet-4-5: an hour of cache costs twice the input, a search a cent', () => {
    const usage: Usage = { ...NO_USAGE, input: 7, cacheWrite: 100, cacheWriteLong: 1000, output: 10, searches: 3 };
    // 7 × 3 + 100 × 3.75 + 1000 × 6 + 10 × 15 = 6546 USD per million, and 3 × 0.01
    expect(formatUsd(costOf(priceOf('anthropic', 'claude-sonnet-4-5'), usage))).toBe('0.036546000000');
  });

  test('a reseller that prices only the short write of Claude asks twice the input for the long one', () => {
    const { rates } = priceOf('google', 'claude-sonnet-4-6').standard[0];
    expect([rates.cacheWrite, rates.cacheWriteLong]).toEqual([3_750_000n, 6_000_000n]);
  });

  test('whisper-1: 0.006 USD a minute; tts-1: 15 USD per million characters, tts-1-hd 30', () => {
    expect(formatUsd(costOf(priceOf('openai', 'whisper-1'), { ...NO_USAGE, seconds: 61 }))).toBe('0.006100000000');
    const usage: Usage = { ...NO_USAGE, characters: 1000 };
    expect(formatUsd(costOf(priceOf('openai', 'tts-1'), usage))).toBe('0.015000000000');
    expect(formatUsd(costOf(priceOf('openai', 'tts-1-hd-1106'), usage))).toBe('0.030000000000');
  });

  test('gpt-4o-transcribe and gpt-4o-mini-tts are priced by tokens, their dated snapshots too', () => {
    const heard: Usage = { ...NO_USAGE, input: 10, inputAudio: 1000, output: 100 };
    // 10 × 2.5 + 1000 × 6 + 100 × 10, and half of it
    expect(formatUsd(costOf(priceOf('openai', 'gpt-4o-transcribe'), heard))).toBe('0.007025000000');
    expect(formatUsd(costOf(priceOf('openai', 'gpt-4o-mini-transcribe-2025-12-15'), heard))).toBe('0.003512500000');
    const spoken: Usage = { ...NO_USAGE, input: 14, outputAudio: 101 };
    expect(formatUsd(costOf(priceOf('openai', 'gpt-4o-mini-tts'), spoken))).toBe('0.001220400000');
    expect(formatUsd(costOf(priceOf('openai', 'gpt-4o-mini-tts-2025-12-15'), spoken))).toBe('0.001220400000');
  });

  test('moderation is free, since its provider says so', () => {
    const price = priceOf('openai', 'omni-moderation-latest');
    expect(costOf(price, { ...NO_USAGE, input: 1000 })).toBe(0n);
    expect(worstCase(price, { inputTokens: 1000, outputTokens: 0 })).toBe(0n);
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

function inputOf(usage: Usage): number {
  return usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio;
}

describe('whatever the model', () => {
  const random = randomNumbers(20261124);

  function everyPrice(): ModelPrice[] {
    return catalogue.models(AT).flatMap((model) => model.price ?? []);
  }

  test('no usage within the bounds costs more than the worst case', () => {
    for (const price of everyPrice()) {
      for (const size of [1000, 150_000, 300_000, 1_000_000]) {
        const bounds = {
          inputTokens: Math.floor(random() * size),
          outputTokens: Math.floor(random() * 5000),
          characters: Math.floor(random() * 5000),
          seconds: Math.floor(random() * 4000),
          searches: Math.floor(random() * 10),
        };
        const reached = random();
        const usage = splitUsage(random, {
          ...bounds,
          inputTokens: Math.floor(reached * bounds.inputTokens),
          outputTokens: Math.floor(reached * bounds.outputTokens),
        });
        for (const options of [{}, { batch: true }]) {
          expect(costOf(price, usage, options), `${price.provider}/${price.model}`).toBeLessThanOrEqual(
            worstCase(price, bounds, options),
          );
        }
      }
    }
  });

  test('no usage that has at least what is known costs less than the least case', () => {
    for (const price of everyPrice()) {
      for (const size of [1000, 150_000, 300_000, 1_000_000]) {
        const usage = splitUsage(random, {
          inputTokens: Math.floor(random() * size),
          outputTokens: Math.floor(random() * 5000),
          characters: 100,
          seconds: 100,
          searches: 3,
        });
        const part = random();
        const known = {
          inputTokens: Math.floor(part * inputOf(usage)),
          outputTokens: Math.floor(part * (usage.output + usage.reasoning + usage.outputAudio)),
          characters: Math.floor(part * usage.characters),
          seconds: Math.floor(part * usage.seconds),
        };
        expect(leastCase(price, known), `${price.provider}/${price.model}`).toBeLessThanOrEqual(costOf(price, usage));
      }
    }
  });

  test('the least case of a plain call is its cost, if all of its prompt came from the cache', () => {
    const price = priceOf('openai', 'gpt-4o-mini');
    const known = { inputTokens: 1000, outputTokens: 30 };
    expect(leastCase(price, known)).toBe(costOf(price, { ...NO_USAGE, cachedInput: 1000, output: 30 }));
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
    const a = splitUsage(random, { inputTokens: 3000, outputTokens: 800, characters: 90, seconds: 61, searches: 4 });
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
        for (const bucket of ['input', 'cacheWrite', 'cacheWriteLong', 'output', 'reasoning'] as const) {
          expect(rates[bucket], `${price.provider}/${price.model} ${bucket}`).toBeGreaterThan(0n);
        }
      }
    }
  });
});

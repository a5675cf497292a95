import { describe, expect, test } from 'vitest';
import { bundledProviders } from './bundled-data.js';
import { parseTokenRate, tokenRateOf } from './token-rate.js';

describe('parseTokenRate', () => {
  test.each([
    ['0.15', 150_000n],
    ['600', 600_000_000n],
    ['0', 0n],
    ['0.000001', 1n],
    ['1e-6', 1n],
    ['1.5e+1', 15_000_000n],
  ])('%s USD per million tokens is %d pico-dollars a token', (text, rate) => {
    expect(parseTokenRate(text)).toEqual({ rate, rounded: false });
  });

  test.each([
    ['0.0000001', 1n],
    ['1e-7', 1n],
    ['0.08333333333333334', 83_334n],
    ['0.18000000000000002', 180_001n],
  ])('%s is rounded up', (text, rate) => {
    expect(parseTokenRate(text)).toEqual({ rate, rounded: true });
  });

  test.each(['', '-1', '1,5', '.5', 'NaN', 'Infinity', '0x1'])('%o is refused', (text) => {
    expect(() => parseTokenRate(text)).toThrow(RangeError);
  });
});

test('only seven prices of the bundled data have more than six decimal places', async () => {
  const rounded: string[] = [];
  for (const provider of await bundledProviders()) {
    for (const model of provider.models) {
      const entries = Array.isArray(model.prices) ? model.prices.map((entry) => entry.prices) : [model.prices];
      for (const [field, price] of entries.flatMap((entry) => Object.entries(entry))) {
        const stated =
          typeof price === 'object' ? [price.base, ...price.tiers.map((tier) => tier.price)] : [price ?? 0];
        for (const usd of stated)
          if (tokenRateOf(usd).rounded) rounded.push(`${provider.id}/${model.id} ${field} ${usd}`);
      }
    }
  }
  expect(rounded).toEqual([
    'huggingface_together/Qwen/Qwen3-VL-8B-Instruct input_mtok 0.18000000000000002',
    'openrouter/google/gemini-2.5-flash-image cache_write_mtok 0.08333333333333334',
    'openrouter/google/gemini-2.5-flash-lite cache_write_mtok 0.08333333333333334',
    'openrouter/google/gemini-3-flash-preview cache_write_mtok 0.08333333333333334',
    'openrouter/google/gemini-3.1-flash-lite cache_write_mtok 0.08333333333333334',
    'openrouter/google/gemini-3.5-flash cache_write_mtok 0.08333333333333334',
    'openrouter/~google/gemini-flash-latest cache_write_mtok 0.08333333333333334',
  ]);
});

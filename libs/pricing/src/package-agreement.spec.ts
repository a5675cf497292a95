import { NO_USAGE, type Usage } from '@parsimony/contract';
import { calcPrice, type ModelInfo } from '@pydantic/genai-prices';
import { expect, test } from 'vitest';
import { randomNumbers, splitUsage } from '../test/random-usage.js';
import { bundledProviders } from './bundled-data.js';
import { costOf } from './cost.js';
import { PriceCatalogue } from './price-catalogue.js';

const TIMES = ['2024-01-01T10:00:00Z', '2025-08-01T00:15:00Z', '2026-09-23T12:00:00Z', '2027-02-01T02:00:00Z'];

/** The same tokens as the price package counts them: totals, of which the special ones are parts. */
function packageUsage(usage: Usage): Record<string, number> {
  return {
    input_tokens: usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio,
    cache_read_tokens: usage.cachedInput,
    cache_write_tokens: usage.cacheWrite + usage.cacheWriteLong,
    cache_write_1h_tokens: usage.cacheWriteLong,
    input_audio_tokens: usage.inputAudio,
    cache_audio_read_tokens: 0,
    output_tokens: usage.output + usage.reasoning + usage.outputAudio,
    output_reasoning_tokens: usage.reasoning,
    output_audio_tokens: usage.outputAudio,
    input_audio_seconds: usage.seconds,
    audio_seconds: usage.seconds,
    web_searches: usage.searches,
  };
}

/** What the package prices at that moment: the long write and searches have a price here where it has none. */
function pricedThere(model: ModelInfo, provider: string, timestamp: Date): ReadonlySet<string> {
  return new Set(Object.keys(calcPrice({}, model.id, { providerId: provider, timestamp })?.model_price ?? {}));
}

test("every model's cost is what the price package calculates", async () => {
  const catalogue = await PriceCatalogue.bundled();
  const random = randomNumbers(7);
  let compared = 0;
  for (const provider of await bundledProviders()) {
    for (const model of provider.models) {
      for (const time of TIMES) {
        const timestamp = new Date(time);
        const price = catalogue.find(provider.id, model.id, timestamp.getTime());
        const fields = pricedThere(model, provider.id, timestamp);
        // Free moderation, which the package has without a price, is a listed price.
        if (!price || fields.size === 0) continue;
        const units = {
          // Groq bills ten seconds at least, which is the provider's count and not its price.
          seconds: fields.has('input_audio_hours') ? 10 + Math.floor(random() * 5000) : 0,
          searches: fields.has('web_searches_kcount') ? Math.floor(random() * 9) : 0,
        };
        for (const inputTokens of [0, 900, 128_001, 199_999, 200_000, 271_999, 272_000, 600_000]) {
          const theirs = calcPrice({}, model.id, { providerId: provider.id, timestamp });
          // A model with a price on one side only gives the other side away there, and here it does not.
          const outputTokens = theirs?.model_price['output_mtok'] === undefined ? 0 : 1234;
          if (theirs?.model_price['input_mtok'] === undefined && outputTokens > 0 && inputTokens > 0) continue;
          const tokens =
            inputTokens + outputTokens === 0 ? NO_USAGE : splitUsage(random, { inputTokens, outputTokens });
          const longWrite = fields.has('cache_write_1h_mtok') ? 0 : tokens.cacheWriteLong;
          const usage = {
            ...tokens,
            ...units,
            cacheWriteLong: tokens.cacheWriteLong - longWrite,
            cacheWrite: tokens.cacheWrite + longWrite,
          };
          const options = { providerId: provider.id, timestamp };
          const expected = calcPrice(packageUsage(usage), model.id, options)?.total_price ?? NaN;
          const cost = Number(costOf(price, usage)) / 1e12;
          expect(Math.abs(cost - expected), `${provider.id}/${model.id} ${time} ${inputTokens}`).toBeLessThanOrEqual(
            // Float noise, and the seven prices that are rounded up by less than a pico-dollar a token.
            1e-9 * expected + 1e-12 * (inputTokens + usage.seconds),
          );
          compared++;
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(40_000);
});

import { expect, test } from 'vitest';
import { bundledProviders } from './bundled-data.js';
import { matchModel } from './catalogue-matching.js';
import { LISTED_PRICES, LISTED_SEARCH_FEES } from './listed-prices.js';
import { PriceCatalogue } from './price-catalogue.js';

const AT = Date.parse('2026-09-23');

test('is needed: the price package prices none of the models, else its entry must go', async () => {
  const data = await bundledProviders();
  for (const { provider, models } of LISTED_PRICES) {
    for (const model of models) {
      const prices = matchModel(data, provider, model)?.model.prices ?? {};
      expect(Object.keys(prices), `${provider}/${model}`).toEqual([]);
    }
  }
});

test('gives way to data that have a price', async () => {
  const data = (await bundledProviders()).map((provider) =>
    provider.id === 'openai'
      ? {
          ...provider,
          models: [{ id: 'tts-1', match: { equals: 'tts-1' }, prices: { input_mchars: 20 } }, ...provider.models],
        }
      : provider,
  );
  const catalogue = PriceCatalogue.of(data, '2026-11-24');
  expect(catalogue.find('openai', 'tts-1', AT)?.standard[0].rates.characters).toBe(20_000_000n);
  expect(catalogue.find('openai', 'tts-1-hd', AT)?.standard[0].rates.characters).toBe(30_000_000n);
  expect(catalogue.models(AT).filter(({ provider, id }) => provider === 'openai' && id === 'tts-1')).toHaveLength(1);
});

test('names its sources and days', () => {
  for (const { source, checked } of [...LISTED_PRICES, ...Object.values(LISTED_SEARCH_FEES)]) {
    expect(source).toMatch(/^https:/);
    expect(checked).toMatch(/^20\d\d-\d\d-\d\d$/);
  }
});

test('a search at Anthropic has a price with every model, and none where nobody prices it', async () => {
  const catalogue = await PriceCatalogue.bundled();
  for (const { provider, price } of catalogue.models(AT)) {
    if (provider === 'anthropic' && price) expect(price.standard[0].rates.searches).toBe(10_000_000_000n);
    if (provider === 'mistral' && price) expect(price.standard[0].rates.searches).toBe(0n);
  }
});

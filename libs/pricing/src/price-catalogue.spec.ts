import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { NO_USAGE } from '@parsimony/contract';
import { BoundedMemo } from './bounded-memo.js';
import { BUNDLED_DATA } from './bundled-data.js';
import { parseCeilingRates } from './ceiling-price.js';
import { costOf, worstCase } from './cost.js';
import { PriceCatalogue } from './price-catalogue.js';

const AT = Date.parse('2026-09-23T12:00:00Z');
let catalogue: PriceCatalogue;

beforeAll(async () => {
  catalogue = await PriceCatalogue.bundled();
});

test('the date that is shown belongs to the release that is installed', () => {
  const main = createRequire(import.meta.url).resolve(BUNDLED_DATA.package);
  const manifest: unknown = JSON.parse(readFileSync(main.replace(/dist.*$/, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: BUNDLED_DATA.package, version: BUNDLED_DATA.version });
  expect(catalogue.updated).toBe(BUNDLED_DATA.published);
});

test('the bundled data are read without a network', async () => {
  const fetch = globalThis.fetch;
  globalThis.fetch = () => Promise.reject(new Error('the catalogue must not fetch'));
  try {
    expect((await PriceCatalogue.bundled()).providers().length).toBeGreaterThan(40);
  } finally {
    globalThis.fetch = fetch;
  }
});

describe('find', () => {
  test.each([
    ['openai', 'gpt-4o-mini', 'gpt-4o-mini'],
    ['openai', 'gpt-4o-mini-2024-07-18', 'gpt-4o-mini'],
    ['openai', 'GPT-4o-mini', 'gpt-4o-mini'],
    ['openai', 'gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['anthropic', 'claude-3-5-haiku-20241022', 'claude-3-5-haiku-latest'],
    ['mistral', 'mistral-large-latest', 'mistral-large'],
    ['azure', 'gpt-4o-mini', 'gpt-4o-mini'],
  ])('%s/%s is %s', (provider, model, id) => {
    expect(catalogue.find(provider, model, AT)).toMatchObject({ provider, model: id, source: 'catalogue' });
    expect(catalogue.identify(provider, model)).toMatchObject({ provider, model: id });
  });

  test.each([
    ['openai', 'no-such-model'],
    ['no-such-provider', 'gpt-4o'],
    ['openai', ''],
    ['openai', 'gpt-4o'.repeat(1000)],
    ['openai', '__proto__'],
    ['mistral', 'mistral-ocr-latest'],
  ])('%s/%s has no price', (provider, model) => {
    expect(catalogue.find(provider, model, AT)).toBeUndefined();
  });

  test('a dated price holds from its day on', () => {
    const day = Date.parse('2025-06-10');
    expect(catalogue.find('openai', 'o3', day - 1)?.standard[0].rates.input).toBe(10_000_000n);
    expect(catalogue.find('openai', 'o3', day)?.standard[0].rates.input).toBe(2_000_000n);
    expect(catalogue.find('openai', 'o3', day)?.effectiveFrom).toBe('2025-06-10');
  });

  test('a price by time of day holds at that time, in UTC', () => {
    const rateAt = (time: string) =>
      catalogue.find('deepseek', 'deepseek-chat', Date.parse(`2025-08-01T${time}Z`))?.standard[0].rates.input;
    expect(rateAt('00:29:59')).not.toBe(rateAt('00:30:00'));
    expect(rateAt('16:29:59')).toBe(rateAt('00:30:00'));
    expect(rateAt('16:30:00')).toBe(rateAt('00:29:59'));
  });

  test('a model that its provider calls free is free, and an empty price list elsewhere is no price', () => {
    expect(catalogue.find('openrouter', 'qwen/qwen3-coder:free', AT)?.standard[0].rates.output).toBe(0n);
    expect(catalogue.find('github-copilot', 'gpt-4.1', AT)).toBeUndefined();
  });

  test('takes less than a microsecond for a name that came before', () => {
    const perCall = (): number => {
      const began = performance.now();
      for (let i = 0; i < 20_000; i++) catalogue.find('openai', 'gpt-4o-mini-2024-07-18', AT);
      return (performance.now() - began) / 20;
    };
    // The fastest of several runs: others use this machine too. Microseconds per thousand calls are nanoseconds each.
    expect(Math.min(...Array.from({ length: 20 }, perCall))).toBeLessThan(1000);
  });
});

test('what is remembered of the names that callers choose is bounded', () => {
  const memo = new BoundedMemo<{ key: string }>(100);
  for (let i = 0; i < 10_000; i++) {
    memo.get(`name-${i}`, () => ({ key: `name-${i}` }));
    expect(memo.get('often', () => ({ key: `often-${i}` }))).toEqual({ key: 'often-0' });
  }
  expect(memo.size).toBeLessThanOrEqual(200);
});

describe('ceilingPrice', () => {
  test('is at least as dear as every current model of the provider', () => {
    for (const { id } of catalogue.providers()) {
      const ceiling = catalogue.ceilingPrice(id, 'unknown');
      expect(ceiling).toMatchObject({ provider: id, model: 'unknown', source: 'ceiling' });
      const tokens = { inputTokens: 300_000, outputTokens: 1000, characters: 9, seconds: 8, searches: 7 };
      const units = { characters: 9, seconds: 8, searches: 7 };
      const usage = { ...NO_USAGE, ...units, input: 299_000, inputAudio: 1000, output: 900, reasoning: 100 };
      expect(costOf(ceiling, usage)).toBeGreaterThan(0n);
      expect(costOf(ceiling, usage)).toBeLessThanOrEqual(worstCase(ceiling, tokens));
      for (const model of catalogue.models(AT)) {
        if (model.provider !== id || model.deprecated || !model.price) continue;
        expect(costOf(ceiling, usage), `${id}/${model.id}`).toBeGreaterThanOrEqual(costOf(model.price, usage));
      }
    }
  });

  test('of an unknown provider is the dearest of all', () => {
    const ceiling = catalogue.ceilingPrice('unknown', 'unknown');
    expect(ceiling.standard[0].rates).toMatchObject({ input: 150_000_000n, output: 600_000_000n });
  });

  test('is what the deployment configures', () => {
    const configured = parseCeilingRates({ input: '15', output: '75' });
    const ceiling = catalogue.ceilingPrice('openai', 'gpt-99', configured);
    expect(costOf(ceiling, { ...NO_USAGE, cachedInput: 2, reasoning: 3 })).toBe(2n * 15_000_000n + 3n * 75_000_000n);
    expect(worstCase(ceiling, { inputTokens: 2, outputTokens: 0 })).toBe(2n * 15_000_000n);
  });

  test('has a price of everything, also where the configuration names tokens only', () => {
    const configured = parseCeilingRates({ input: '0', output: '0', seconds: '0.001' });
    const { rates } = catalogue.ceilingPrice('openai', 'whisper-9', configured).standard[0];
    expect(rates).toMatchObject({ input: 0n, seconds: 1_000_000_000n, characters: 30_000_000n });
    expect(rates.searches).toBe(10_000_000_000n);
    expect(catalogue.ceilingPrice('nobody', 'tts').standard[0].rates.characters).toBe(30_000_000n);
  });
});

test('models lists every model once, with the price in force', () => {
  const models = catalogue.models(AT);
  expect(models.length).toBeGreaterThan(1600);
  expect(new Set(models.map((model) => `${model.provider}/${model.id}`)).size).toBe(models.length);
  expect(models.find((model) => model.provider === 'openai' && model.id === 'gpt-4o-mini')).toMatchObject({
    name: 'gpt 4o mini',
    contextWindow: 128_000,
    price: { source: 'catalogue' },
  });
  expect(models.find((model) => model.provider === 'mistral' && model.id === 'mistral-ocr-latest')?.price).toBeNull();
  expect(models.find((model) => model.id === 'tts-1')?.price).toMatchObject({ effectiveFrom: '2023-11-06' });
});

import { InvalidDocument, NO_USAGE, type Usage } from '@parsimony/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { costOf, worstCase } from './cost.js';
import { PriceCatalogue } from './price-catalogue.js';
import { parsePriceOverrides } from './price-overrides.js';

const AT = Date.parse('2026-09-23T12:00:00Z');
let catalogue: PriceCatalogue;

beforeAll(async () => {
  catalogue = await PriceCatalogue.bundled();
});

describe('a tenant’s own price', () => {
  test('takes the place of the catalogue’s, for the other names of the model too', () => {
    const prices = catalogue.withOverrides(
      parsePriceOverrides({ 'openai/gpt-4o-mini': { input: '0.1', cachedInput: '0.025', output: '0.4' } }),
    );
    for (const name of ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18']) {
      const price = prices.find('openai', name, AT);
      if (!price) throw new Error('no price');
      expect(price).toMatchObject({ provider: 'openai', model: 'gpt-4o-mini', source: 'tenant' });
      expect(costOf(price, { ...NO_USAGE, input: 10, cachedInput: 4, output: 3 })).toBe(
        1_000_000n + 100_000n + 1_200_000n,
      );
      expect(worstCase(price, { inputTokens: 14, outputTokens: 3 })).toBe(1_400_000n + 1_200_000n);
    }
    expect(prices.find('openai', 'gpt-4o', AT)?.source).toBe('catalogue');
    expect(prices.find('openai', 'no-such-model', AT)).toBeUndefined();
    expect(catalogue.find('openai', 'gpt-4o-mini', AT)?.source).toBe('catalogue');
  });

  test('may be for a model and provider that the catalogue does not know, with slashes in its name', () => {
    const prices = catalogue.withOverrides(
      parsePriceOverrides({ 'in-house/team/llama-70b': { input: '0', output: '0.000001', perCall: '0.005' } }),
    );
    const price = prices.find('in-house', 'team/llama-70b', AT);
    expect(price).toMatchObject({ provider: 'in-house', model: 'team/llama-70b', perCall: 5_000_000_000n });
    expect(price?.standard[0].rates).toMatchObject({ input: 0n, cachedInput: 0n, output: 1n, reasoning: 1n });
  });

  test('may be by characters, seconds and searches, and for the long cache write', () => {
    const prices = catalogue.withOverrides(
      parsePriceOverrides({
        'openai/tts-1': { input: '0', output: '0', characters: '12' },
        'openai/whisper-1': { input: '0', output: '0', seconds: '0.00005' },
        'anthropic/claude-sonnet-5': {
          input: '2',
          cacheWrite: '2.5',
          cacheWriteLong: '3.5',
          output: '10',
          searches: '0.008',
        },
        'anthropic/claude-opus-5': { input: '4', cacheWrite: '5', output: '20' },
      }),
    );
    const cost = (provider: string, model: string, usage: Partial<Usage>) => {
      const price = prices.find(provider, model, AT);
      return price && costOf(price, { ...NO_USAGE, ...usage });
    };
    expect(cost('openai', 'tts-1', { characters: 3 })).toBe(36_000_000n);
    expect(cost('openai', 'whisper-1', { seconds: 3 })).toBe(150_000_000n);
    expect(cost('anthropic', 'claude-sonnet-5', { cacheWriteLong: 2, searches: 3 })).toBe(7_000_000n + 24_000_000_000n);
    expect(cost('anthropic', 'claude-opus-5', { cacheWriteLong: 2 })).toBe(16_000_000n);
  });

  test('changes on its dates, in whatever order they are written', () => {
    const prices = catalogue.withOverrides(
      parsePriceOverrides({
        'openai/gpt-4.1': [
          { input: '3', output: '9', effectiveFrom: '2026-07-01' },
          { input: '1', output: '4', effectiveFrom: '2026-01-01' },
        ],
      }),
    );
    const at = (date: string) => prices.find('openai', 'gpt-4.1', Date.parse(date));
    expect(at('2025-12-31T23:59:59.999Z')?.source).toBe('catalogue');
    expect(at('2026-01-01')?.standard[0].rates.input).toBe(1_000_000n);
    expect(at('2026-06-30T23:59:59.999Z')?.standard[0].rates.input).toBe(1_000_000n);
    expect(at('2026-07-01')).toMatchObject({ source: 'tenant', effectiveFrom: '2026-07-01' });
    expect(at('2026-07-01')?.standard[0].rates.input).toBe(3_000_000n);
  });
});

describe('an error names its field', () => {
  const valid = { input: '1', output: '2' };
  test.each([
    [{ 'openai/x': { output: '2' } }, 'prices.openai/x.input'],
    [{ 'openai/x': { ...valid, input: 0.15 } }, 'prices.openai/x.input'],
    [{ 'openai/x': { ...valid, output: '-2' } }, 'prices.openai/x.output'],
    [{ 'openai/x': { ...valid, cachedInput: '0.0000001' } }, 'prices.openai/x.cachedInput'],
    [{ 'openai/x': { ...valid, effectiveFrom: '2026-02-30' } }, 'prices.openai/x.effectiveFrom'],
    [{ 'openai/x': [valid, { ...valid, input: 'free' }] }, 'prices.openai/x.1.input'],
    [{ 'openai/x': [valid, valid] }, 'prices.openai/x.1.effectiveFrom'],
    [{ 'openai/x': { ...valid, seconds: '1e-4' } }, 'prices.openai/x.seconds'],
    [{ 'openai/x': { ...valid, searches: 0.01 } }, 'prices.openai/x.searches'],
    [{ 'openai/x': { ...valid, characters: '0.0000001' } }, 'prices.openai/x.characters'],
    [{ 'openai/x': [] }, 'prices.openai/x'],
    [{ 'openai/x': { ...valid, ouput: '2' } }, 'prices.openai/x'],
    [{ x: valid }, 'prices.x'],
    ['0.15', 'prices'],
  ])('%j: %s', (document, param) => {
    let thrown: unknown;
    try {
      parsePriceOverrides(document);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidDocument);
    expect(thrown).toMatchObject({ param, message: expect.stringContaining(param) as string });
  });

  test('an unknown field is named in the message', () => {
    expect(() => parsePriceOverrides({ 'openai/x': { ...valid, ouput: '2' } })).toThrow(/ouput/);
  });
});

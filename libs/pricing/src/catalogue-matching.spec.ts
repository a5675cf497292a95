import { calcPrice } from '@pydantic/genai-prices';
import { expect, test } from 'vitest';
import { hasPriceFile, readPriceFile } from '../test/shared-prices.js';
import { bundledProviders } from './bundled-data.js';
import { matchModel } from './catalogue-matching.js';

const LITELLM = 'litellm_model_prices.json.gz';

/** Names as callers write them: of the data itself, of other lists, and what comes near to both. */
async function names(): Promise<string[]> {
  const own = (await bundledProviders()).flatMap(({ models }) => models.map(({ id }) => id));
  const others = hasPriceFile(LITELLM) ? Object.keys(readPriceFile<Record<string, unknown>>(LITELLM)) : [];
  const near = [
    'gpt-4o-mini-20240718',
    'CLAUDE-3-5-haiku-20241022 ',
    'claude-sonnet-4-5-20250231',
    'нет такой',
    '',
    '/',
    'openai/gpt-4o',
  ];
  return [...own.filter((_, index) => index % 5 === 0), ...others.filter((_, index) => index % 5 === 0), ...near];
}

test('finds what the price package finds', { timeout: 60_000 }, async () => {
  const data = await bundledProviders();
  let found = 0;
  for (const provider of [
    'openai',
    'anthropic',
    'azure',
    'my-openai-eu',
    'bedrock',
    'mistral',
    'litellm',
    'nobody',
    ' Google ',
  ]) {
    for (const name of await names()) {
      const theirs = calcPrice({}, name, { providerId: provider });
      const ours = matchModel(data, provider, name);
      expect([ours?.provider.id, ours?.model.id], `${provider} ${name}`).toEqual([
        theirs?.provider.id,
        theirs?.model.id,
      ]);
      if (ours) found++;
    }
  }
  expect(found).toBeGreaterThan(300);
});

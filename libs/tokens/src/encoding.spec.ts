import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { encodingOf } from './encoding.js';

const TIKTOKEN_MODELS = createRequire(import.meta.url)('tiktoken/model_to_encoding.json') as Record<string, string>;

test('every model that tiktoken knows in these vocabularies has the one that tiktoken says', () => {
  const known = Object.entries(TIKTOKEN_MODELS).filter(([, encoding]) => /^(o200k|cl100k)_base$/.test(encoding));
  expect(known.length).toBeGreaterThan(60);
  for (const [model, encoding] of known) {
    expect(encodingOf(model), model).toBe(encoding);
    expect(encodingOf(`openai/${model}`), model).toBe(encoding);
  }
});

test.each([
  ['ft:gpt-3.5-turbo-0125:acme::abc', 'cl100k_base'],
  ['ft:gpt-4o-mini-2024-07-18:acme::abc', 'o200k_base'],
  ['gpt-6-sol', 'o200k_base'],
  ['claude-sonnet-4-5', 'o200k_base'],
  ['', 'o200k_base'],
])('%s: %s', (model, encoding) => {
  expect(encodingOf(model)).toBe(encoding);
});

import type { Operation } from '@parsimony/contract';
import { expect, test } from 'vitest';
import { PriceCatalogue } from './price-catalogue.js';
import { isPricedFor } from './priced-operation.js';

const AT = Date.parse('2026-09-23');
const OPERATIONS: readonly Operation[] = [
  'chat.completions',
  'responses',
  'messages',
  'embeddings',
  'moderations',
  'audio.speech',
  'audio.transcriptions',
  'audio.translations',
];

test.each<[string, string, readonly Operation[]]>([
  ['openai', 'gpt-4o-mini', OPERATIONS],
  ['openai', 'gpt-4o-transcribe', OPERATIONS],
  ['openai', 'omni-moderation-latest', OPERATIONS],
  ['openrouter', 'qwen/qwen3-coder:free', OPERATIONS],
  ['openai', 'tts-1', ['audio.speech']],
  ['openai', 'whisper-1', ['audio.transcriptions', 'audio.translations']],
  ['mistral', 'voxtral-mini-latest', ['audio.transcriptions', 'audio.translations']],
])('the price of %s/%s is one of %j', async (provider, model, operations) => {
  const price = (await PriceCatalogue.bundled()).find(provider, model, AT);
  if (!price) throw new Error('no price');
  expect(OPERATIONS.filter((operation) => isPricedFor(operation, price))).toEqual(operations);
});

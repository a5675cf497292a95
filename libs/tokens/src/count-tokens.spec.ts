import { describe, expect, test } from 'vitest';
import { randomText, randomNumbers } from '../test/random-text.js';
import { chatTokens } from './chat-tokens.js';
import { countTokens } from './count-tokens.js';
import { tokenCeiling } from './text-ceiling.js';

/** The example of OpenAI's cookbook, whose counts the API itself confirmed there. */
const COOKBOOK_MESSAGES = [
  {
    role: 'system',
    content: 'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.',
  },
  { role: 'system', name: 'example_user', content: 'New synergies will help drive top-line growth.' },
  { role: 'system', name: 'example_assistant', content: 'Things working well together will increase revenue.' },
  {
    role: 'system',
    name: 'example_user',
    content: "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
  },
  {
    role: 'system',
    name: 'example_assistant',
    content: "Let's talk later when we're less busy about how to do better.",
  },
  {
    role: 'user',
    content: "This late pivot means we don't have time to boil the ocean for the client deliverable.",
  },
];

describe('countTokens', () => {
  // Figures on which tiktoken and gpt-tokenizer agree.
  test.each([
    ['', 0, 0],
    ['hello world', 2, 2],
    ['tiktoken is great!', 6, 6],
    ['antidisestablishmentarianism', 6, 6],
    ['2 + 2 = 4', 7, 7],
    ['お誕生日おめでとう', 8, 9],
    ['Съешь же ещё этих мягких французских булок, да выпей чаю.', 19, 36],
    ['👩‍👩‍👧‍👦 🇺🇦', 15, 24],
    ['<|endoftext|>', 7, 7],
  ])('%j has %d tokens in o200k_base, %d in cl100k_base', (text, o200k, cl100k) => {
    expect(countTokens(text, 'gpt-4o')).toBe(o200k);
    expect(countTokens(text, 'gpt-4')).toBe(cl100k);
  });

  test('a lone surrogate counts as the replacement character', () => {
    expect(countTokens('a\ud800b', 'gpt-4o')).toBe(countTokens('a\ufffdb', 'gpt-4o'));
  });

  test('no text has more tokens than bytes', () => {
    const random = randomNumbers(11);
    for (let round = 0; round < 300; round++) {
      const text = randomText(random, Math.ceil(random() * 300));
      for (const model of ['gpt-4o', 'gpt-4']) {
        expect(countTokens(text, model), JSON.stringify(text)).toBeLessThanOrEqual(tokenCeiling(text));
      }
    }
  });
});

test("chatTokens gives the counts of the cookbook's example", () => {
  expect(chatTokens(COOKBOOK_MESSAGES, 'gpt-4')).toBe(129);
  expect(chatTokens(COOKBOOK_MESSAGES, 'gpt-3.5-turbo')).toBe(129);
  expect(chatTokens(COOKBOOK_MESSAGES, 'gpt-4o')).toBe(124);
  expect(chatTokens(COOKBOOK_MESSAGES, 'gpt-4o-mini')).toBe(124);
});

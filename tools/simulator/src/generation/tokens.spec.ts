import { countTokens as referenceCount } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { textOf, tokensOf } from './piece.js';
import { prose, WORDS } from './prose.js';
import { Random } from './random.js';
import { countTokens, splitTokens } from './tokens.js';

const TEXTS = [
  'Hello, world!',
  'Привет, как дела? Ёлка — 🎄👩‍👩‍👧',
  '日本語のテキスト',
  'a <|endoftext|> b',
  '',
  ' \n\n\t',
  'x = {"a": [1, 2.5]}',
];

describe('counting tokens', () => {
  it.each(TEXTS)('is what the tokenizer counts: %j', (text) => {
    expect(countTokens(text)).toBe(referenceCount(text, { disallowedSpecial: new Set() }));
    expect(countTokens(text)).toBe(referenceCount(text, { disallowedSpecial: new Set() })); // from the cache
  });

  it.each(['a', ' ', '!', 'я'])('stays quick for a million times %j', (character) => {
    const begin = performance.now();
    expect(countTokens(character.repeat(1_000_000))).toBeGreaterThan(1000);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('loses nothing of a text with long runs', () => {
    const text = `begin ${'b'.repeat(1300)} middle ${' '.repeat(1300)}end`;
    expect(textOf(splitTokens(text))).toBe(text);
    expect(tokensOf(splitTokens(text))).toBe(countTokens(text));
  });
});

describe('splitting into tokens', () => {
  it.each([...TEXTS, 'ends with a real \uFFFD', 'half a pair \uD83D here'])('joins verbatim: %j', (text) => {
    const pieces = splitTokens(text);
    expect(textOf(pieces)).toBe(text);
    expect(tokensOf(pieces)).toBe(countTokens(text));
  });
});

describe('prose', () => {
  it('has exactly the tokens that it was asked for', () => {
    for (let tokens = 0; tokens <= 120; tokens += 1) {
      const text = textOf(prose(tokens, new Random('prose', tokens)));
      expect(referenceCount(text), text).toBe(tokens);
    }
  });

  it('uses words that are one token wherever they stand', () => {
    for (const word of WORDS) {
      const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
      for (const form of [` ${word}`, ` ${capitalised}`, capitalised]) expect(referenceCount(form), form).toBe(1);
    }
  });
});

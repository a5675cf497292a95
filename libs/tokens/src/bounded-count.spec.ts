import { describe, expect, test } from 'vitest';
import { hasPrompts, readPrompts } from '../test/shared-prompts.js';
import { randomNumbers, randomText } from '../test/random-text.js';
import { boundedCount } from './bounded-count.js';
import { encodedLength } from './encoder.js';
import type { Encoding } from './encoding.js';
import { BATCH_TEXTS, BATCH_UNITS, textBatches } from './text-batches.js';
import { LONGEST_RUN, cut } from './text-cut.js';

const ENCODINGS: readonly Encoding[] = ['o200k_base', 'cl100k_base'];

describe('cut', () => {
  test('parts that are called exact have the tokens of the whole', () => {
    const random = randomNumbers(3);
    for (let round = 0; round < 2000; round++) {
      const text = randomText(random, 20 + Math.floor(random() * 200));
      const { end, exact } = cut(text, 0, 2 + Math.floor(random() * 150));
      if (!exact) continue;
      for (const encoding of ENCODINGS) {
        const parts = encodedLength(text.slice(0, end), encoding) + encodedLength(text.slice(end), encoding);
        expect(parts, JSON.stringify([text.slice(0, end), text.slice(end)])).toBe(encodedLength(text, encoding));
      }
    }
  });

  test('goes on, and never divides a surrogate pair', () => {
    const text = '😀'.repeat(100);
    for (const limit of [2, 3, 7]) {
      for (let from = 0; from < text.length;) {
        const { end } = cut(text, from, limit);
        expect(end).toBeGreaterThan(from);
        expect(end % 2).toBe(0);
        from = end;
      }
    }
  });
});

describe('boundedCount', () => {
  test('is exact for prose of several languages', () => {
    const prose = [
      'The quick brown fox doesn’t jump; it’s lazy. '.repeat(60),
      'Съешь же ещё этих мягких французских булок, да выпей чаю. '.repeat(60),
      '我能吞下玻璃而不伤身体。'.repeat(200),
      '한국어는 교착어에 속한다. '.repeat(200),
      'const x = { a: [1, 2, 3], b: "text" };\n\n\t// comment\n'.repeat(60),
    ];
    for (const text of prose) {
      for (const encoding of ENCODINGS) {
        expect(boundedCount(text, encoding)).toEqual({ tokens: encodedLength(text, encoding), exact: true });
      }
    }
  });

  test.each([
    ['a', 8000],
    ['я', 4000],
    ['漢', 2000],
    ['😀', 2000],
    [' ', 8000],
    ['-', 8000],
    ['ab', 4000],
  ])('%j × %d is cut, says so, and comes near', (piece, times) => {
    const text = piece.repeat(times);
    for (const encoding of ENCODINGS) {
      const whole = encodedLength(text, encoding);
      const { tokens, exact } = boundedCount(text, encoding);
      expect(exact).toBe(false);
      const cuts = Math.ceil(text.length / LONGEST_RUN);
      expect(tokens).toBeGreaterThanOrEqual(whole);
      expect(tokens).toBeLessThanOrEqual(whole + 4 * cuts);
    }
  });

  test.skipIf(!hasPrompts())('is exact for nearly every real prompt', () => {
    const prompts = ['arena_hard_v0.1_en.dev.jsonl', 'ru_arena_hard.dev.jsonl', 'arena_hard_v2.0.dev.jsonl'].flatMap(
      readPrompts,
    );
    let exactly = 0;
    for (const prompt of prompts) {
      const whole = encodedLength(prompt, 'o200k_base');
      const { tokens, exact } = boundedCount(prompt, 'o200k_base');
      if (exact) expect(tokens, prompt).toBe(whole);
      expect(Math.abs(tokens - whole)).toBeLessThanOrEqual(4 + whole * 0.01);
      if (exact) exactly++;
    }
    console.info(`${exactly} of ${prompts.length} prompts are counted without a cut inside a run`);
    expect(exactly / prompts.length).toBeGreaterThan(0.97);
  });
});

test('textBatches keeps every text, in order and within its bounds', () => {
  const long = 'word '.repeat(40_000);
  const texts = ['', 'short', long, ...Array.from({ length: 3000 }, (_, index) => `text ${index}`), 'x'.repeat(70_000)];
  const batches = [...textBatches(texts)];
  expect(batches.flatMap((batch) => batch.texts).join('')).toBe(texts.join(''));
  for (const batch of batches) {
    expect(batch.texts.length).toBeLessThanOrEqual(BATCH_TEXTS);
    expect(batch.texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(BATCH_UNITS);
  }
  expect(batches.filter((batch) => !batch.exact)).toHaveLength(1);
});

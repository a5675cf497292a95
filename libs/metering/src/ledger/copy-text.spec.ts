import { describe, expect, it } from 'vitest';
import { copyJson, copyText } from './copy-text.js';

describe('copyText', () => {
  it.each([
    [null, '\\N'],
    ['', ''],
    ['plain Текст 😀', 'plain Текст 😀'],
    ['\\N', '\\\\N'],
    ['\\.', '\\\\.'],
    ['a\tb\nc\rd\\e', 'a\\tb\\nc\\rd\\\\e'],
    ['\\t', '\\\\t'],
    ['a\0b\0\n', 'a\uFFFDb\uFFFD\\n'],
  ])('writes %j as %j', (value, text) => expect(copyText(value)).toBe(text));
});

describe('copyJson', () => {
  it.each([
    [{ a: 'Текст 😀' }, '{"a":"Текст 😀"}'],
    [{ a: '\n"' }, '{"a":"\\\\n\\\\""}'],
    [['\u0001'], '["\\\\u0001"]'],
    [{ 'k\0': '\0' }, '{"k\uFFFD":"\uFFFD"}'],
    [['\ud800', '\udfff', '\ud83d\ude00'], '["\uFFFD","\uFFFD","😀"]'],
  ])('writes %j as %j', (value, text) => expect(copyJson(value)).toBe(text));

  it('leaves a text alone that only looks like an escape', () => {
    expect(copyJson([String.raw`\u0000`])).toBe(String.raw`["\\\\u0000"]`);
    expect(copyJson([String.raw`\ud800`])).toBe(String.raw`["\\\\ud800"]`);
    expect(copyJson(['\\\0'])).toBe('["\\\\\\\\\uFFFD"]');
  });

  it('is null for what has no JSON', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    for (const value of [circular, [1n], undefined]) expect(copyJson(value)).toBe('\\N');
  });
});

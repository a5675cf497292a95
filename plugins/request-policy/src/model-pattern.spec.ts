import { describe, expect, it } from 'vitest';
import { modelPattern } from './model-pattern.js';

/** The same meaning by other means, for short names. */
function byRegularExpression(pattern: string): RegExp {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's');
}

function textsOver(alphabet: readonly string[], length: number): string[] {
  if (length === 0) return [''];
  const shorter = textsOver(alphabet, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => alphabet.map((letter) => text + letter))];
}

describe('modelPattern', () => {
  it('means what a regular expression with .* for * would mean: all patterns of 4, all names of 5 letters', () => {
    const names = textsOver(['a', '.'], 5);
    for (const pattern of textsOver(['a', '.', '*'], 4)) {
      const matches = modelPattern(pattern);
      const reference = byRegularExpression(pattern);
      expect(names.filter(matches), pattern).toEqual(names.filter((name) => reference.test(name)));
    }
  });

  it('takes no longer for a name that almost matches many stars', () => {
    const matches = modelPattern(`openai/${'a*'.repeat(40)}b`);
    const began = performance.now();
    expect(matches(`openai/${'a'.repeat(250)}`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(50);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalMembers, InexactNumber } from './canonical-json.js';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.3, in its order', () => {
    const value = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '😀': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    const order = ['Carriage Return', 'One', 'Control', 'Latin', 'Euro', 'Emoji', 'Hebrew'];
    const places = order.map((word) => canonicalJson(value).indexOf(word));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  it('writes numbers as ECMAScript does (RFC 8785, section 3.2.2.3)', () => {
    expect(canonicalJson([4.5, 2e-3, 0.000001, 1e-27, -0, 1.0])).toBe('[4.5,0.002,0.000001,1e-27,0,1]');
  });

  it('means the same to a parser', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Parameters<typeof canonicalJson>[0];
        let text: string;
        try {
          text = canonicalJson(plain);
        } catch (error) {
          expect(error).toBeInstanceOf(InexactNumber);
          return;
        }
        // JSON knows no -0.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(plain)));
      }),
    );
  });

  it('keeps lone surrogates apart', () => {
    expect(canonicalJson('\ud800')).not.toBe(canonicalJson('\ud801'));
    expect(Buffer.from(canonicalJson('\ud800')).toString()).toBe(canonicalJson('\ud800'));
  });

  it.each([2 ** 53, -(2 ** 53), 1e300])('refuses %d, which has neighbours that look like it', (number) => {
    expect(() => canonicalJson({ seed: number })).toThrow(InexactNumber);
  });
});

describe('canonicalMembers', () => {
  it('leaves out what is named, at the top alone, and what is undefined', () => {
    const object = { b: 1, user: 'x', a: { user: 'y' }, c: undefined };
    expect(canonicalMembers(object, new Set(['user']))).toBe('{"a":{"user":"y"},"b":1}');
  });
});

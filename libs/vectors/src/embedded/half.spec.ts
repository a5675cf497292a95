import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotHalves, fromHalves, toHalves } from './half.js';

const component = fc.float({ min: -1, max: 1, noNaN: true });

describe('half precision', () => {
  it('comes as near to a number as 11 bits can', () => {
    fc.assert(
      fc.property(component, (value) => {
        const [back = NaN] = unpacked(Float32Array.of(value));
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
      }),
    );
  });

  it('keeps what it can hold to the bit, small numbers and signs included', () => {
    const values = [0, 1, -1, 0.5, -0.25, 2 ** -14, 2 ** -24, -(2 ** -20), 1 - 2 ** -11];
    expect(Array.from(unpacked(Float32Array.from(values)))).toEqual(values);
  });

  it('rounds up into the next power of two', () => {
    expect(unpacked(Float32Array.of(1 - 2 ** -13))[0]).toBe(1);
  });

  it.each([1, 2, 3, 4, 7, 16, 513])('multiplies vectors of %i dimensions', (dimensions) => {
    fc.assert(
      fc.property(
        fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: dimensions, maxLength: dimensions }),
        (vector) => {
          const halves = new Uint16Array(dimensions + 1);
          halves.set(toHalves(vector), 1);
          const expected = vector.reduce((sum, value, i) => sum + value * (unpacked(vector)[i] ?? 0), 0);
          expect(dotHalves(vector, halves, 1)).toBeCloseTo(expected, 5);
        },
      ),
      { numRuns: 5 },
    );
  });
});

function unpacked(vector: Float32Array): Float32Array {
  const back = new Float32Array(vector.length);
  fromHalves(toHalves(vector), 0, back);
  return back;
}

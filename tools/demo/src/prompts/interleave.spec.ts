import { describe, expect, it } from 'vitest';
import { interleave } from './interleave.js';

describe('interleave', () => {
  it('takes from all lists in turn', () => {
    expect(
      interleave(
        [
          ['a1', 'a2'],
          ['b1', 'b2'],
        ],
        3,
      ),
    ).toEqual(['a1', 'b1', 'a2']);
  });

  it('goes on with the longer list, and begins again at the end', () => {
    expect(interleave([[1, 2, 3], [9]], 6)).toEqual([1, 9, 2, 3, 1, 9]);
  });

  it('refuses to take from nothing', () => {
    expect(() => interleave([[], []], 1)).toThrow(RangeError);
  });
});

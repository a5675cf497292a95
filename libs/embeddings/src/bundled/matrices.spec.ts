import { describe, expect, it } from 'vitest';
import { Matrices, type Rows } from './matrices.js';

const DEPTH = 12;
const COLUMNS = 24;

/** Numbers from -1 to 1, the same at each run. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin((index + 1) * 12.9898 + seed * 78.233));
}

function put(matrices: Matrices, values: Float32Array, stride: number): Rows {
  return { offset: matrices.store(values), stride };
}

describe('Matrices', () => {
  it.each(Array.from({ length: 14 }, (_, rows) => rows))('multiplies %i rows as the definition has it', (rows) => {
    const matrices = new Matrices(4096);
    const left = numbers(rows * DEPTH, 1);
    const right = numbers(DEPTH * COLUMNS, 2);
    const bias = numbers(COLUMNS, 3);
    const out = matrices.allocateRows(rows, COLUMNS);

    matrices.multiply(
      put(matrices, left, DEPTH),
      rows,
      matrices.storePanels(right, DEPTH, COLUMNS),
      matrices.store(bias),
      out,
    );

    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        let sum = bias[column] ?? 0;
        for (let step = 0; step < DEPTH; step++) sum += left[row * DEPTH + step]! * right[step * COLUMNS + column]!;
        expect(matrices.floats[out.offset + row * COLUMNS + column]).toBeCloseTo(sum, 5);
      }
    }
  });

  it('gives a row the same bits whatever rows stand beside it', () => {
    const matrices = new Matrices(4096);
    const left = put(matrices, numbers(13 * DEPTH, 4), DEPTH);
    const right = matrices.storePanels(numbers(DEPTH * COLUMNS, 5), DEPTH, COLUMNS);
    const bias = matrices.store(numbers(COLUMNS, 6));
    const all = matrices.allocateRows(13, COLUMNS);
    const alone = matrices.allocateRows(1, COLUMNS);
    matrices.multiply(left, 13, right, bias, all);
    for (let row = 0; row < 13; row++) {
      matrices.multiply({ ...left, offset: left.offset + row * DEPTH }, 1, right, bias, alone);
      const among = matrices.floats.subarray(all.offset + row * COLUMNS, all.offset + (row + 1) * COLUMNS);
      expect(matrices.floats.subarray(alone.offset, alone.offset + COLUMNS)).toEqual(among);
    }
  });

  it('reads and writes rows that are further apart than they are wide', () => {
    const matrices = new Matrices(4096);
    const left = put(matrices, numbers(3 * 20, 7), 20);
    const right = matrices.storePanels(numbers(8 * 8, 8), 8, 8);
    const bias = matrices.allocate(8);
    const out = matrices.allocateRows(3, 10);
    matrices.floats.fill(7, out.offset, out.offset + 30);
    matrices.multiply(left, 3, right, bias, out);
    for (let row = 0; row < 3; row++) {
      expect([...matrices.floats.subarray(out.offset + row * 10 + 8, out.offset + row * 10 + 10)]).toEqual([7, 7]);
    }
  });

  it.each([
    [10, 8],
    [8, 12],
    [0, 8],
  ])('refuses a matrix of %i by %i, which would be read past its end', (depth, columns) => {
    const matrices = new Matrices(4096);
    const rows = { offset: 0, stride: 16 };
    expect(() => matrices.multiply(rows, 1, { offset: 64, depth, columns }, 512, rows)).toThrow(RangeError);
  });

  it('refuses to give more memory than it has', () => {
    const matrices = new Matrices(100);
    matrices.allocate(60);
    expect(() => matrices.allocate(41)).toThrow(RangeError);
    expect(matrices.allocate(40)).toBe(60);
  });
});

import type { Rows } from './matrices.js';

const EPSILON = 1e-6;

/** Makes each row's mean 0 and its variance 1, then scales and shifts it (Ba et al. 2016, arXiv 1607.06450). */
export class LayerNorm {
  private readonly floats: Float32Array;
  private readonly scale: Float32Array;
  private readonly shift: Float32Array;

  constructor(floats: Float32Array, scale: Float32Array, shift: Float32Array) {
    this.floats = floats;
    this.scale = scale;
    this.shift = shift;
  }

  apply(input: Rows, rows: number, out: Rows): void {
    const width = this.scale.length;
    const { floats, scale, shift } = this;
    for (let row = 0; row < rows; row++) {
      const source = input.offset + row * input.stride;
      const target = out.offset + row * out.stride;
      let sum = 0;
      for (let index = 0; index < width; index++) sum += floats[source + index] ?? 0;
      const mean = sum / width;
      let squares = 0;
      for (let index = 0; index < width; index++) squares += ((floats[source + index] ?? 0) - mean) ** 2;
      const factor = 1 / Math.sqrt(squares / width + EPSILON);
      for (let index = 0; index < width; index++) {
        const normal = ((floats[source + index] ?? 0) - mean) * factor;
        floats[target + index] = normal * (scale[index] ?? 0) + (shift[index] ?? 0);
      }
    }
  }
}

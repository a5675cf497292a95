import type { Matrices, Panels, Rows } from './matrices.js';

/** out = in · kernel + bias. */
export class Dense {
  private readonly matrices: Matrices;
  private readonly kernel: Panels;
  private readonly bias: number;

  constructor(matrices: Matrices, kernel: Float32Array, bias: Float32Array) {
    this.matrices = matrices;
    this.kernel = matrices.storePanels(kernel, kernel.length / bias.length, bias.length);
    this.bias = matrices.store(bias);
  }

  apply(input: Rows, rows: number, out: Rows): void {
    this.matrices.multiply(input, rows, this.kernel, this.bias, out);
  }
}

import type { Matrices, Rows } from './matrices.js';
import { TILE_COLUMNS } from './tile-kernel.js';

/** Where attention keeps what it needs for one head of one text; all layers may share one. */
export interface AttentionScratch {
  readonly keys: number;
  readonly values: number;
  readonly scores: number;
  /** Zeros, as many as the widest matrix has columns. */
  readonly noBias: number;
}

export function attentionScratch(matrices: Matrices, tokens: number, headWidth: number): AttentionScratch {
  return {
    keys: matrices.allocate(tokens * headWidth),
    values: matrices.allocate(tokens * headWidth),
    scores: matrices.allocate(tokens * tokens),
    noBias: matrices.allocate(Math.max(tokens, headWidth)),
  };
}

/** Scaled dot-product attention with several heads (Vaswani et al. 2017, arXiv 1706.03762, section 3.2). */
export class Attention {
  private readonly matrices: Matrices;
  private readonly scratch: AttentionScratch;
  private readonly heads: number;
  private readonly headWidth: number;

  constructor(matrices: Matrices, scratch: AttentionScratch, heads: number, headWidth: number) {
    this.matrices = matrices;
    this.scratch = scratch;
    this.heads = heads;
    this.headWidth = headWidth;
  }

  /**
   * One text.
   *
   * @param joined for each token its queries, keys and values, each as wide as all heads.
   * @param out for each token what it takes from the others.
   */
  apply(joined: Rows, tokens: number, out: Rows): void {
    if (tokens === 0) return;
    const { matrices, scratch, heads, headWidth } = this;
    const width = heads * headWidth;
    const padded = Math.ceil(tokens / TILE_COLUMNS) * TILE_COLUMNS;
    const scores: Rows = { offset: scratch.scores, stride: padded };
    for (let head = 0; head < heads; head++) {
      const queries: Rows = { offset: joined.offset + head * headWidth, stride: joined.stride };
      this.copyKeys({ offset: queries.offset + width, stride: joined.stride }, tokens);
      this.copyValues({ offset: queries.offset + 2 * width, stride: joined.stride }, tokens, padded);
      const keys = { offset: scratch.keys, depth: headWidth, columns: padded };
      matrices.multiply(queries, tokens, keys, scratch.noBias, scores);
      softmaxRows(matrices.floats, scores, tokens, 1 / Math.sqrt(headWidth));
      const values = { offset: scratch.values, depth: padded, columns: headWidth };
      matrices.multiply(scores, tokens, values, scratch.noBias, {
        offset: out.offset + head * headWidth,
        stride: out.stride,
      });
    }
  }

  /** The keys become the columns of panels. Columns past the last token hold anything: their scores are not looked at. */
  private copyKeys(keys: Rows, tokens: number): void {
    const { floats } = this.matrices;
    for (let token = 0; token < tokens; token++) {
      const column = token % TILE_COLUMNS;
      let target = this.scratch.keys + (token - column) * this.headWidth + column;
      let source = keys.offset + token * keys.stride;
      for (let index = 0; index < this.headWidth; index++, source++, target += TILE_COLUMNS) {
        floats[target] = floats[source] ?? 0;
      }
    }
  }

  private copyValues(values: Rows, tokens: number, padded: number): void {
    const { floats } = this.matrices;
    for (let first = 0; first < this.headWidth; first += TILE_COLUMNS) {
      const panel = this.scratch.values + first * padded;
      for (let token = 0; token < tokens; token++) {
        const source = values.offset + token * values.stride + first;
        floats.copyWithin(panel + token * TILE_COLUMNS, source, source + TILE_COLUMNS);
      }
      // Their weights are 0, and 0 times what an earlier text left there may not be 0.
      floats.fill(0, panel + tokens * TILE_COLUMNS, panel + padded * TILE_COLUMNS);
    }
  }
}

/** Turns the first `tokens` scores of each row to weights that add up to 1, and the rest of the row to 0. */
function softmaxRows(floats: Float32Array, scores: Rows, tokens: number, scale: number): void {
  for (let row = 0; row < tokens; row++) {
    const values = floats.subarray(scores.offset + row * scores.stride, scores.offset + (row + 1) * scores.stride);
    let highest = -Infinity;
    for (let index = 0; index < tokens; index++) highest = Math.max(highest, values[index] ?? 0);
    let sum = 0;
    for (let index = 0; index < tokens; index++) {
      const weight = Math.exp(((values[index] ?? 0) - highest) * scale);
      values[index] = weight;
      sum += weight;
    }
    for (let index = 0; index < tokens; index++) values[index] = (values[index] ?? 0) / sum;
    values.fill(0, tokens);
  }
}

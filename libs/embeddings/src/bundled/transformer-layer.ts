import { Attention, type AttentionScratch } from './attention.js';
import { Dense } from './dense.js';
import { LayerNorm } from './layer-norm.js';
import type { Matrices, Rows } from './matrices.js';
import type { Weights } from './model-files.js';

export const MODEL_WIDTH = 512;
export const HIDDEN_WIDTH = 1536;
export const HEADS = 4;

/** Room for one layer at a time. */
export interface LayerScratch {
  /** As wide as the model. */
  readonly normal: Rows;
  readonly mixed: Rows;
  /** As wide as the hidden layer, or as queries, keys and values together. */
  readonly wide: Rows;
  readonly attention: AttentionScratch;
}

/** Attention between the tokens of a text, then two dense layers for each token, each with a path around it. */
export class TransformerLayer {
  private readonly matrices: Matrices;
  private readonly scratch: LayerScratch;
  private readonly attentionNorm: LayerNorm;
  private readonly join: Dense;
  private readonly attention: Attention;
  private readonly mix: Dense;
  /** Where the input is narrower than the model, the path around the attention widens it. */
  private readonly widen: Dense | undefined;
  private readonly denseNorm: LayerNorm;
  private readonly expand: Dense;
  private readonly contract: Dense;

  /** @param width of the input. */
  constructor(matrices: Matrices, scratch: LayerScratch, weights: Weights, layer: 0 | 1, width: number) {
    this.matrices = matrices;
    this.scratch = scratch;
    const encode = 'Encoder_en/KonaTransformer/Encode';
    const applied = `module_apply_default/${encode}/Layer_${layer}/TransformerLayer`;
    const kernels = `module/${encode}/Layer_${layer}/TransformerLayer/MultiheadAttention`;
    const folded = `module_apply_default/${encode}/TransformerStack/Layer_${layer}/TransformerLayer/FFN`;
    const vector = (name: string, size: number) => weights.get(`${applied}/${name}/ConcatPartitions/concat`, size);
    const norm = (name: string, size: number) =>
      new LayerNorm(
        matrices.floats,
        vector(`${name}/layer_norm/layer_norm_scale`, size),
        vector(`${name}/layer_norm/layer_norm_bias`, size),
      );
    const dense = (kernel: string, bias: string, depth: number, columns: number) =>
      new Dense(matrices, weights.get(kernel, depth * columns), vector(bias, columns));

    this.attentionNorm = norm('layer_prepostprocess', width);
    this.join = dense(
      `${kernels}/qkv_transform_single/kernel/part_0`,
      'MultiheadAttention/qkv_transform_single/bias',
      width,
      3 * width,
    );
    this.attention = new Attention(matrices, scratch.attention, HEADS, width / HEADS);
    this.mix = dense(
      `${kernels}/output_transform_single/kernel/part_0`,
      'MultiheadAttention/output_transform_single/bias',
      width,
      MODEL_WIDTH,
    );
    this.widen =
      width === MODEL_WIDTH
        ? undefined
        : dense(`${applied}/dense/kernel/ConcatPartitions/concat`, 'dense/bias', width, MODEL_WIDTH);
    this.denseNorm = norm('FFN/layer_prepostprocess', MODEL_WIDTH);
    this.expand = dense(`${folded}/conv1/Tensordot/Reshape_1`, 'FFN/conv1/bias', MODEL_WIDTH, HIDDEN_WIDTH);
    this.contract = dense(`${folded}/conv2/Tensordot/Reshape_1`, 'FFN/conv2/bias', HIDDEN_WIDTH, MODEL_WIDTH);
  }

  /**
   * @param lengths how many tokens each text has; their rows follow each other.
   * @param out may be the input where that is as wide as the model.
   */
  apply(input: Rows, lengths: readonly number[], out: Rows): void {
    const { normal, mixed, wide } = this.scratch;
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    this.attentionNorm.apply(input, rows, normal);
    this.join.apply(normal, rows, wide);
    let first = 0;
    for (const length of lengths) {
      this.attention.apply(rowsFrom(wide, first), length, rowsFrom(normal, first));
      first += length;
    }
    this.mix.apply(normal, rows, mixed);
    this.widen?.apply(input, rows, out);
    this.add(out, mixed, rows);

    this.denseNorm.apply(out, rows, normal);
    this.expand.apply(normal, rows, wide);
    this.rectify(wide, rows);
    this.contract.apply(wide, rows, mixed);
    this.add(out, mixed, rows);
  }

  private add(target: Rows, summand: Rows, rows: number): void {
    const { floats } = this.matrices;
    for (let index = 0; index < rows * MODEL_WIDTH; index++) {
      floats[target.offset + index] = (floats[target.offset + index] ?? 0) + (floats[summand.offset + index] ?? 0);
    }
  }

  private rectify({ offset }: Rows, rows: number): void {
    const { floats } = this.matrices;
    for (let index = offset; index < offset + rows * HIDDEN_WIDTH; index++)
      floats[index] = Math.max(0, floats[index] ?? 0);
  }
}

function rowsFrom({ offset, stride }: Rows, first: number): Rows {
  return { offset: offset + first * stride, stride };
}

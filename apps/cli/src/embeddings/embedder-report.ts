import type { PicoDollars } from '@parsimony/contract';
import { areaUnderCurve } from './area-under-curve.js';
import type { TextVectors } from './embed-texts.js';
import { hitsAtError } from './hits-at-error.js';
import type { LabelledPair, ScoredPair } from './labelled-pair.js';

const LOOKUPS = 1_000n;

/** What one embedder makes of a tenant's pairs. */
export interface EmbedderReport {
  readonly model: string;
  readonly areaUnderCurve: number | null;
  /** Of each pair, whether it would be a hit. */
  readonly hits: readonly boolean[];
  /** Hits whose answer is right, of all pairs. */
  readonly rightHitRate: number;
  /** Hits whose answer is wrong, of all pairs. */
  readonly errorRate: number;
  /** What it costs to embed so many questions. */
  readonly costPerThousand: PicoDollars;
}

export function embedderReport(
  model: string,
  pairs: readonly LabelledPair[],
  { vectors, cost }: TextVectors,
  maxErrorRate: number,
): EmbedderReport {
  const scored = pairs.map(({ kept, asked, right }): ScoredPair => ({
    right,
    similarity: dot(vectors.get(kept), vectors.get(asked)),
  }));
  const hits = hitsAtError(scored, maxErrorRate);
  const rateOf = (right: boolean): number =>
    pairs.filter((pair, index) => hits[index] && pair.right === right).length / pairs.length;
  return {
    model,
    areaUnderCurve: areaUnderCurve(scored),
    hits,
    rightHitRate: rateOf(true),
    errorRate: rateOf(false),
    costPerThousand: (cost * LOOKUPS) / BigInt(vectors.size),
  };
}

/** Vectors have length 1, so that this is the cosine of their angle. */
function dot(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (!one || !other) throw new Error('a question was not embedded');
  return one.reduce((sum, component, index) => sum + component * (other[index] ?? 0), 0);
}
